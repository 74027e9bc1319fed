package dev.couponbook.store.read;

import static dev.couponbook.store.sql.Sql.asPartners;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of requests. */
public final class ReadRequests {
  private ReadRequests() {}

  /**
   * A request that has its answer.
   *
   * @param body JSON, as the worker wrote it
   * @param codesKey the object with the codes that a job made, if it left one and they are still
   *     there
   * @param undone whether the codes that it made were taken back
   */
  public record Finished(
      RequestId id,
      PartnerId partner,
      Fingerprint fingerprint,
      int status,
      String body,
      @Nullable String codesKey,
      boolean undone) {}

  /** A request, and the partner who asks about it; nothing is known about another partner's. */
  public record Question(PartnerId partner, RequestId id) {}

  /**
   * A request, finished or not.
   *
   * @param finished null: not yet
   * @param loads whether there is a load with this id, whose progress is then the request's
   * @param forgotten whether it had an answer that is no longer kept
   */
  public record Known(@Nullable Finished finished, boolean loads, boolean forgotten) {}

  private static final String FINISHED =
      asPartners(
          """
          SELECT o.request_id, o.partner_id, o.fingerprint, o.status, o.body, l.codes_key, l.state
          FROM command_outcome o
          LEFT JOIN code_load l
            ON l.public_id = o.request_id
            AND l.partner_id = o.partner_id
          WHERE o.request_id = ANY (?)
          """);

  /** Those of the requests that have their answer, in one query however many are asked for. */
  public static List<Finished> finished(
      Connection connection, Collection<PartnerId> partners, Collection<RequestId> ids)
      throws SQLException {
    return Sql.seenBy(connection, partners, FINISHED)
        .uuids(ids, RequestId::value)
        .list(ReadRequests::finished);
  }

  private static final String FIND =
      asPartners(
          """
          SELECT o.request_id, o.partner_id, o.fingerprint, o.status, o.body, l.codes_key, l.state,
                 l.id IS NOT NULL AS loads,
                 o.request_id IS NULL
                   AND EXISTS (
                     SELECT
                     FROM command_forgotten f
                     WHERE f.request_id = asked.id
                       AND f.partner_id = asked.partner_id) AS forgotten
          FROM unnest(?::integer[], ?::uuid[]) WITH ORDINALITY AS asked (partner_id, id, place)
          LEFT JOIN command_outcome o
            ON o.request_id = asked.id
            AND o.partner_id = asked.partner_id
          LEFT JOIN code_load l
            ON l.public_id = asked.id
            AND l.partner_id = asked.partner_id
          ORDER BY asked.place
          """);

  /** What is known about each, in the order asked; nothing about one that is still in its queue. */
  public static List<Known> find(Connection connection, List<Question> questions)
      throws SQLException {
    var partners = questions.stream().map(Question::partner).collect(Collectors.toSet());
    return Sql.seenBy(connection, partners, FIND)
        .integers(questions, q -> q.partner().value())
        .uuids(questions, q -> q.id().value())
        .list(row -> {
          boolean answered = row.uuidOrNull("request_id") != null;
          return new Known(
              answered ? finished(row) : null, row.flag("loads"), row.flag("forgotten"));
        });
  }

  private static Finished finished(Row row) throws SQLException {
    boolean undone = "undone".equals(row.textOrNull("state"));
    return new Finished(
        new RequestId(row.uuid("request_id")),
        new PartnerId(row.integer("partner_id")),
        Fingerprint.of(row.bytes("fingerprint")),
        row.integer("status"),
        row.text("body"),
        undone ? null : row.textOrNull("codes_key"),
        undone);
  }
}
