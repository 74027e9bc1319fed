package dev.couponbook.store.batch;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The outcomes of commands, which turn at-least-once delivery into exactly-once effects. A command
 * whose outcome is here is done: the outcome is written in the transaction of the effects, after
 * them.
 */
public final class CommandLog {
  private CommandLog() {}

  /** A command and what became of it. */
  public record Answer(CommandMessage message, Outcome outcome) {}

  private static final String KNOWN =
      """
      SELECT request_id
      FROM command_outcome
      WHERE request_id = ANY (?::uuid[])
        AND NOT parked -- a parked command may be tried again
      """;

  /** Those of the requests that have been answered already. */
  public static Set<RequestId> known(Connection connection, Collection<RequestId> requests)
      throws SQLException {
    var known = new HashSet<RequestId>();
    Sql.of(connection, KNOWN)
        .uuids(requests, RequestId::value)
        .each(row -> known.add(new RequestId(row.uuid("request_id"))));
    return known;
  }

  private static final String RECORD =
      """
      INSERT INTO command_outcome AS known (request_id, partner_id, kind, fingerprint, status, body)
      SELECT request_id, partner_id, kind, decode(fingerprint, 'hex'), status, body::json
      FROM unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[])
        AS answer (request_id, partner_id, kind, fingerprint, status, body)
      -- One order for all, or two batches with the same messages could wait for each other.
      ORDER BY request_id
      ON CONFLICT (request_id) DO UPDATE
      SET kind = excluded.kind, fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
          parked = false, finished_at = coupon_clock()
      WHERE known.parked
      """;

  /**
   * Records the outcomes; the last statement of their transaction.
   *
   * @throws AnsweredMeanwhileException if one of them has been answered by somebody else since
   *     {@link #known}: the transaction must roll back, or its commands would take effect twice
   */
  public static void record(Connection connection, List<Answer> answers) throws SQLException {
    if (answers.isEmpty()) {
      return;
    }
    int recorded =
        Sql.of(connection, RECORD)
            .uuids(answers, a -> a.message().requestId().value())
            .integers(answers, a -> a.message().partner().value())
            .texts(answers, a -> a.message().command().kind())
            .texts(answers, a -> a.message().fingerprint().hex())
            .integers(answers, a -> a.outcome().status())
            .texts(answers, a -> Json.mapper().writeValueAsString(a.outcome().body()))
            .update();
    if (recorded != answers.size()) {
      throw new AnsweredMeanwhileException();
    }
  }

  private static final String PARK =
      """
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body, parked)
      VALUES (?, ?, ?, ?, ?, ?::json, true)
      ON CONFLICT (request_id) DO NOTHING
      """;

  /**
   * Answers a dead letter, so that its request ends. This is the only kind of answer that a later
   * redrive may replace.
   *
   * @return whether the request had no answer yet
   */
  public static boolean park(Connection connection, CommandMessage message, Outcome.Refused outcome)
      throws SQLException {
    return Sql.of(connection, PARK)
            .with(message.requestId().value())
            .with(message.partner())
            .with(message.command().kind())
            .with(message.fingerprint().bytes())
            .with(outcome.status())
            .with(Json.mapper().writeValueAsString(outcome.body()))
            .update()
        == 1;
  }

  /**
   * Somebody else answered one of the same requests first. Not an error: roll back, look again, go
   * on with the rest.
   */
  public static final class AnsweredMeanwhileException extends RuntimeException {}
}
