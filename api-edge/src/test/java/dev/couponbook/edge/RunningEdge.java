package dev.couponbook.edge;

import dev.couponbook.command.CommandMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The real edge among real surroundings, with two partners that have a book each. */
final class RunningEdge implements AutoCloseable {
  static final String BOOK = "0198c0de-0000-7000-8000-000000000001";
  static final String FOREIGN_BOOK = "0198c0de-0000-7000-8000-000000000002";
  static final String EMPTY_BOOK = "0198c0de-0000-7000-8000-000000000003";

  private static @org.jspecify.annotations.Nullable RunningEdge shared;

  final Surroundings surroundings = new Surroundings(0);
  final Edge edge;

  RunningEdge() {
    this(Map.of());
  }

  RunningEdge(Map<String, String> otherSettings) {
    surroundings.sdkSettings().forEach(System::setProperty);
    surroundings.sql(
        """
        INSERT INTO partner (name, client_id) VALUES ('acme', 'acme'), ('other', 'other');
        INSERT INTO partner (name, client_id, disabled_at) VALUES ('gone', 'gone', now());
        INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user,
                                 lock_seconds, metadata)
        VALUES ('%s', 1, 'Summer', 2, 1, 600, '{"n": 1.10}'),
               ('%s', 2, 'Theirs', 0, 1, 600, NULL),
               ('%s', 1, 'Winter', 0, 1, 600, NULL)
        """
            .formatted(BOOK, FOREIGN_BOOK, EMPTY_BOOK));
    var settings = new HashMap<>(surroundings.settings());
    settings.putAll(otherSettings);
    edge = Edge.start(settings);
  }

  /** One for all stories that do not break anything; it ends with the tests. */
  static synchronized RunningEdge shared() {
    if (shared == null) {
      shared = new RunningEdge();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  Client acme() {
    return new Client(edge.address(), surroundings.issuer.token("acme"));
  }

  Client other() {
    return new Client(edge.address(), surroundings.issuer.token("other"));
  }

  Client nobody() {
    return new Client(edge.address(), null);
  }

  /** What a worker would write at the end of this command. */
  void answer(CommandMessage message, int status, String body) {
    answer(
        message.requestId().value(),
        message.partner().value(),
        message.fingerprint().hex(),
        status,
        body);
  }

  /** What a worker would write at the end of a command. */
  void answer(UUID request, int partner, String fingerprint, int status, String body) {
    surroundings.sql(
        """
        INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
        VALUES ('%s', %d, 'test', '\\x%s', %d, '%s')
        """
            .formatted(request, partner, fingerprint, status, body));
  }

  @Override
  public void close() {
    edge.close();
    surroundings.close();
  }
}
