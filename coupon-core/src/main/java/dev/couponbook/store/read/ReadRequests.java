package dev.couponbook.store.read;

import static dev.couponbook.store.sql.PartnerStatement.asPartners;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Columns;
import dev.couponbook.store.sql.PartnerStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What became of requests. */
public final class ReadRequests {
  private ReadRequests() {}

  /**
   * A request that has its answer.
   *
   * @param body JSON, as the worker wrote it
   * @param codesKey the object with the codes that a job made, if it left one
   */
  public record Finished(
      RequestId id,
      PartnerId partner,
      Fingerprint fingerprint,
      int status,
      String body,
      @Nullable String codesKey) {}

  /** Whose request is asked about; of another partner's, nothing is known. */
  public record Question(PartnerId partner, RequestId id) {}

  /**
   * A request, finished or not.
   *
   * @param finished null: not yet
   * @param loads whether a load of this id exists, which is then its progress
   */
  public record Known(@Nullable Finished finished, boolean loads) {}

  private static final String FINISHED =
      asPartners(
          """
          SELECT o.request_id, o.partner_id, o.fingerprint, o.status, o.body, l.codes_key
          FROM command_outcome o
          LEFT JOIN code_load l
            ON l.public_id = o.request_id
            AND l.partner_id = o.partner_id
          WHERE o.request_id = ANY (?)
          """);

  /** Those of the requests that have their answer; one query, however many are asked for. */
  public static List<Finished> finished(
      Connection connection, Collection<PartnerId> partners, Collection<RequestId> ids)
      throws SQLException {
    var asked = Columns.uuids(connection, List.copyOf(ids), RequestId::value);
    try (var statement = PartnerStatement.prepare(connection, FINISHED, partners).with(asked);
        var rows = statement.rows()) {
      var finished = new ArrayList<Finished>();
      while (rows.next()) {
        finished.add(finished(rows));
      }
      return finished;
    }
  }

  private static final String FIND =
      asPartners(
          """
          SELECT o.request_id, o.partner_id, o.fingerprint, o.status, o.body, l.codes_key,
                 l.id IS NOT NULL AS loads
          FROM unnest(?::integer[], ?::uuid[]) WITH ORDINALITY AS asked (partner_id, id, place)
          LEFT JOIN command_outcome o
            ON o.request_id = asked.id
            AND o.partner_id = asked.partner_id
          LEFT JOIN code_load l
            ON l.public_id = asked.id
            AND l.partner_id = asked.partner_id
          ORDER BY asked.place
          """);

  /** What is known of each, in the order asked: nothing of one that is still in its queue. */
  public static List<Known> find(Connection connection, List<Question> questions)
      throws SQLException {
    var partners = questions.stream().map(Question::partner).collect(Collectors.toSet());
    var partnerIds = Columns.integers(connection, questions, q -> q.partner().value());
    var ids = Columns.uuids(connection, questions, q -> q.id().value());
    try (var statement =
            PartnerStatement.prepare(connection, FIND, partners).with(partnerIds).with(ids);
        var rows = statement.rows()) {
      var known = new ArrayList<Known>();
      while (rows.next()) {
        boolean answered = rows.getObject("request_id") != null;
        known.add(new Known(answered ? finished(rows) : null, rows.getBoolean("loads")));
      }
      return known;
    }
  }

  private static Finished finished(ResultSet row) throws SQLException {
    return new Finished(
        new RequestId(row.getObject("request_id", UUID.class)),
        new PartnerId(row.getInt("partner_id")),
        Fingerprint.of(row.getBytes("fingerprint")),
        row.getInt("status"),
        row.getString("body"),
        row.getString("codes_key"));
  }
}
