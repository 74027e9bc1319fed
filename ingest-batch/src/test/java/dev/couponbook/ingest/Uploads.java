package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.command.UploadMetadata;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a partner and the operators do with a running program, for one book. */
final class Uploads {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final LocalCloud cloud;
  private final TestDatabase database;
  final BookRow book;

  Uploads(LocalCloud cloud, TestDatabase database) {
    this.cloud = cloud;
    this.database = database;
    this.book = database.rows().book(database.rows().partner());
  }

  /** Uploads a file, and the bucket sends its event. */
  UUID upload(String file, Map<String, String> options) {
    return upload(file.getBytes(StandardCharsets.UTF_8), options);
  }

  UUID upload(byte[] file, Map<String, String> options) {
    var id = UUID.randomUUID();
    var metadata = new HashMap<>(metadata(id, file.length).toMap());
    metadata.putAll(options);
    cloud.put(key(id), metadata, file);
    sendEvent(id);
    return id;
  }

  void sendEvent(UUID id) {
    cloud.send(
        "coupon-uploads",
        """
        {"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"coupon-files"},"object":{"key":"%s"}}}]}
        """
            .formatted(key(id).replace("/", "%2F")));
  }

  private UploadMetadata metadata(UUID id, long length) {
    return new UploadMetadata(
        new BookId(book.id()),
        new PartnerId(book.partner()),
        new LoadId(id),
        "codes of spring.csv",
        length,
        LoadOptions.USUAL,
        null);
  }

  private String key(UUID id) {
    return UploadMetadata.key(new PartnerId(book.partner()), new LoadId(id));
  }

  AddCodes add(int amount, String pattern, List<String> manual) {
    return new AddCodes(
        new BookId(book.id()),
        new Generated(amount, null, null, pattern, null, null),
        manual.stream().map(code -> new ManualCode(new CouponCode(code), null)).toList());
  }

  /**
   * Sends a command.
   *
   * @return its request's id
   */
  UUID send(Command command) {
    var request = UUID.randomUUID();
    cloud.send(
        "coupon-loads",
        CommandCodec.encode(
            new CommandMessage(
                new RequestId(request),
                new PartnerId(book.partner()),
                Fingerprint.of(request.toString()),
                command)));
    return request;
  }

  /** Status and body of the request's outcome, as soon as there is one. */
  String awaitOutcome(UUID request) {
    var sql =
        "SELECT coalesce((SELECT status || ' ' || body::text FROM command_outcome WHERE request_id = ?), 'none')";
    await().atMost(PATIENCE).until(() -> !database.text(sql, request).equals("none"));
    return database.text(sql, request);
  }

  /** The final state of the load. */
  String awaitState(UUID id) {
    await().atMost(PATIENCE).until(() -> !List.of("none", "queued", "running").contains(state(id)));
    return state(id);
  }

  String state(UUID id) {
    return database.text(
        "SELECT coalesce((SELECT state::text FROM code_load WHERE public_id = ?), 'none')", id);
  }

  String reason(UUID id) {
    return database.text("SELECT reason FROM code_load WHERE public_id = ?", id);
  }

  /** Rows read, accepted, duplicate and rejected. */
  List<Long> counts(UUID id) {
    return List.of(
        sum("rows_read", id),
        sum("rows_accepted", id),
        sum("rows_duplicate", id),
        sum("rows_rejected", id));
  }

  private long sum(String column, UUID id) {
    return database.number(
        "SELECT sum(p."
            + column
            + ") FROM code_load_part p JOIN code_load l ON l.id = p.load_id WHERE l.public_id = ?",
        id);
  }

  void awaitRowsRead(UUID id) {
    await().atMost(PATIENCE).until(() -> sum("rows_read", id) > 0);
  }

  long codes() {
    return database.number("SELECT count(*) FROM coupon WHERE book_id = ?", book.number());
  }

  /** The lines of the load's report of rejected rows. */
  List<String> rejects(UUID id) {
    return cloud.get(rejectsKey(id)).lines().toList();
  }

  String rejectsKey(UUID id) {
    return "rejects/%d/%s.csv".formatted(book.partner(), id);
  }

  /**
   * Gives an operator's order.
   *
   * @return why it was refused, or {@code done}
   */
  String order(UUID upload, Action action) {
    try (var connection = database.owner().getConnection()) {
      int load = (int) database.number("SELECT id FROM code_load WHERE public_id = ?", upload);
      long order = LoadOrders.add(connection, load, action, "ann", "to see that it works");
      await().atMost(PATIENCE).until(() -> LoadOrders.outcome(connection, order).isPresent());
      var refusal = LoadOrders.outcome(connection, order).orElseThrow().refusal();
      return refusal == null ? "done" : refusal;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Keeps every part of the book's loads from writing its chunk until this is closed: a chunk takes
   * its pick numbers first.
   */
  AutoCloseable heldUp() throws SQLException {
    var connection = database.owner().getConnection();
    connection.setAutoCommit(false);
    try (var statement =
        connection.prepareStatement("SELECT FROM coupon_book_pick WHERE book_id = ? FOR UPDATE")) {
      statement.setInt(1, book.number());
      assertThat(statement.executeQuery().next()).isTrue();
    }
    return () -> {
      connection.rollback();
      connection.close();
    };
  }

  /** Waits until a chunk is held up. */
  void awaitHeldUp() {
    await().atMost(PATIENCE).until(() -> chunksHeldUp() > 0);
  }

  /** How many chunks are held up now. */
  long chunksHeldUp() {
    return database.number(
        """
        SELECT count(*)
        FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
          AND query LIKE '%UPDATE coupon_book_pick%'
        """);
  }

  static byte[] gzip(String text) throws IOException {
    return GzipFile.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
