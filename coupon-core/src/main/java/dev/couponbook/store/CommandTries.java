package dev.couponbook.store;

import dev.couponbook.coupon.RequestId;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How often a command was tried by itself and did not end. A queue counts receives, and a receive
 * is also what a worker takes along when it dies; only what is counted here is the command's own
 * fault.
 */
public final class CommandTries {
  private static final String COUNT =
      """
      INSERT INTO command_try AS t (request_id)
      VALUES (?)
      ON CONFLICT (request_id) DO UPDATE
      SET tries = t.tries + 1, last_at = coupon_clock()
      """;

  /** Counts one more try, in a transaction that must commit whatever becomes of the try. */
  public void count(Connection connection, RequestId request) throws SQLException {
    try (var upsert = connection.prepareStatement(COUNT)) {
      upsert.setObject(1, request.value());
      upsert.executeUpdate();
    }
  }

  /** What is known of a command that was received too often. */
  public record Past(boolean answered, int tries) {}

  private static final String PAST =
      """
      SELECT EXISTS (SELECT FROM command_outcome o WHERE o.request_id = asked.id) AS answered,
             coalesce((SELECT t.tries FROM command_try t WHERE t.request_id = asked.id), 0) AS tries
      FROM (SELECT ?::uuid AS id) asked
      """;

  public Past past(Connection connection, RequestId request) throws SQLException {
    try (var select = connection.prepareStatement(PAST)) {
      select.setObject(1, request.value());
      try (var row = select.executeQuery()) {
        row.next();
        return new Past(row.getBoolean("answered"), row.getInt("tries"));
      }
    }
  }
}
