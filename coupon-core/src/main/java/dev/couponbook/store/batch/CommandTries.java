package dev.couponbook.store.batch;

import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How often a command was tried alone and did not finish. A queue counts receives, and a worker
 * that dies uses up a receive of every command it held; only what is counted here is the command's
 * own fault.
 */
public final class CommandTries {
  private CommandTries() {}

  private static final String COUNT =
      """
      INSERT INTO command_try AS t (request_id)
      VALUES (?)
      ON CONFLICT (request_id) DO UPDATE
      SET tries = t.tries + 1, last_at = coupon_clock()
      """;

  /** Counts one more try, in a transaction that must commit whatever becomes of the try. */
  public static void count(Connection connection, RequestId request) throws SQLException {
    Sql.of(connection, COUNT).with(request.value()).update();
  }

  /** What is known about a command that was received too often. */
  public record Past(boolean done, boolean parked, int tries) {}

  private static final String PAST =
      """
      SELECT coalesce(NOT o.parked, false) AS done, coalesce(o.parked, false) AS parked, coalesce(t.tries, 0) AS tries
      FROM (SELECT ?::uuid AS request_id) asked
      LEFT JOIN command_outcome o USING (request_id)
      LEFT JOIN command_try t USING (request_id)
      """;

  /** Looks up the outcome of the request and its counted tries. */
  public static Past past(Connection connection, RequestId request) throws SQLException {
    return Sql.of(connection, PAST)
        .with(request.value())
        .one(row -> new Past(row.flag("done"), row.flag("parked"), row.integer("tries")));
  }
}
