package dev.couponbook.store.load;

import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators ask of loads: recorded with who and why, and carried out once. */
public final class LoadOrders {
  private LoadOrders() {}

  /** What can be asked. */
  public enum Action {
    /** Stops the load at its next chunk; it stays stopped until it is restarted. */
    STOP,
    /** Resumes a stopped load, or a failed one if everything that it read is still there. */
    RESTART,
    /** Resumes the load with a new job, if the records of the old one are in the way. */
    RECOVER,
    /** Gives the load up: it fails, and its reason says so. */
    ABANDON;

    /** The name in the database. */
    public String sql() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An order that is to be done. */
  public record Order(long id, int loadId, Action action) {}

  private static final String NEXT =
      """
      SELECT id, load_id, action
      FROM load_order
      WHERE done_at IS NULL
      ORDER BY id
      LIMIT 1
      FOR UPDATE SKIP LOCKED -- another process does that one
      """;

  /** The oldest order that nobody is carrying out; the caller has it until the transaction ends. */
  public static Optional<Order> next(Connection connection) throws SQLException {
    return Sql.of(connection, NEXT).first(LoadOrders::order);
  }

  private static Order order(Row row) throws SQLException {
    return new Order(
        row.bigint("id"),
        row.integer("load_id"),
        Action.valueOf(row.text("action").toUpperCase(Locale.ROOT)));
  }

  private static final String STOP =
      """
      UPDATE code_load
      SET held_at = coupon_clock()
      WHERE id = ? AND state IN ('queued', 'running') AND held_at IS NULL
      """;

  // A load that was undone is over for good, as is one that kept nothing: its parts speak of
  // codes that are gone.
  private static final String RESTART =
      """
      UPDATE code_load
      SET held_at = NULL, reason = NULL, finished_at = NULL,
        attempt = attempt + CASE WHEN state = 'failed' THEN 1 ELSE 0 END,
        state = CASE WHEN state = 'failed' THEN 'running' ELSE state END
      WHERE id = ?
        AND (state IN ('queued', 'running') AND held_at IS NOT NULL
          OR state = 'failed' AND kind = 'import' AND rows_removed IS NULL
            AND NOT dry_run AND on_duplicate = 'skip')
      """;

  private static final String RECOVER =
      """
      UPDATE code_load
      SET held_at = NULL, attempt = attempt + 1
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  private static final String ABANDON =
      """
      UPDATE code_load
      SET held_at = NULL, reason = coalesce(reason, 'The load was given up by the operators')
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  private static final String DONE =
      """
      UPDATE load_order
      SET done_at = coupon_clock(), refusal = ?
      WHERE id = ?
      """;

  /** Carries the order out, and records that it is done, or why it is not. */
  public static void carryOut(Connection connection, Order order) throws SQLException {
    var refusal = change(connection, order) ? null : refusal(order.action());
    Sql.of(connection, DONE).with(refusal).with(order.id()).update();
  }

  private static boolean change(Connection connection, Order order) throws SQLException {
    return Sql.of(connection, sql(order.action())).with(order.loadId()).update() == 1;
  }

  private static String sql(Action action) {
    return switch (action) {
      case STOP -> STOP;
      case RESTART -> RESTART;
      case RECOVER -> RECOVER;
      case ABANDON -> ABANDON;
    };
  }

  private static String refusal(Action action) {
    return switch (action) {
      case STOP -> "it is over, or stopped already";
      case RESTART -> "it is neither stopped, nor failed with all that it read still there";
      case RECOVER, ABANDON -> "it is over";
    };
  }

  private static final String ADD =
      """
      INSERT INTO load_order (load_id, action, who, why)
      VALUES (?, ?, ?, ?)
      RETURNING id
      """;

  /**
   * Records an order.
   *
   * @return its number, for {@link #outcome}
   */
  public static long add(Connection connection, int loadId, Action action, String who, String why)
      throws SQLException {
    return Sql.of(connection, ADD)
        .with(loadId)
        .with(action.sql())
        .with(who)
        .with(why)
        .one(row -> row.bigint("id"));
  }

  /**
   * What became of an order.
   *
   * @param refusal why it was not done; null: it was
   */
  public record Done(@Nullable String refusal) {}

  private static final String OUTCOME =
      "SELECT refusal FROM load_order WHERE id = ? AND done_at IS NOT NULL";

  /** What became of the order; empty while nobody has done it. */
  public static Optional<Done> outcome(Connection connection, long id) throws SQLException {
    return Sql.of(connection, OUTCOME).with(id).first(row -> new Done(row.textOrNull("refusal")));
  }
}
