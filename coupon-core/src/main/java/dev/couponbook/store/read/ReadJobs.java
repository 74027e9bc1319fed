package dev.couponbook.store.read;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.FileLayout.Understood;
import dev.couponbook.store.load.FileWarnings;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loads of all partners, as operators see them. Each method is one statement and needs no
 * transaction; the connection is that of {@code coupon_ops}, which row-level security lets see all
 * partners.
 */
public final class ReadJobs {
  private ReadJobs() {}

  /**
   * A load at one moment.
   *
   * @param number by which the tables know it
   * @param book the name of its book
   * @param kind as {@code load_kind} spells it
   * @param understood how its file is read; null before that is known, and for other kinds
   * @param reason why it failed or fails, for people
   * @param elapsed since it started, to its end or to now
   */
  public record Job(
      int number,
      UUID id,
      String partner,
      String book,
      String kind,
      @Nullable String fileName,
      @Nullable Understood understood,
      @Nullable String reason,
      Instant created,
      Duration elapsed,
      LoadProgress progress) {}

  private static final String SELECT =
      """
      SELECT l.id, l.public_id, partner.name AS partner, book.name AS book, l.kind, l.file_name, l.layout, l.reason, l.created_at,
      """
          + LoadProgress.COLUMNS
          + """
          FROM code_load l
          JOIN partner ON partner.id = l.partner_id
          JOIN coupon_book book ON book.id = l.book_id
          """
          + LoadProgress.SOURCES;

  private static final String LATEST =
      SELECT
          + """
          WHERE l.kind <> 'request' -- a few codes, made by the command itself: no job
          ORDER BY l.id DESC
          LIMIT ?
          """;

  /** The latest jobs, the newest first. */
  public static List<Job> latest(Connection connection, int limit) throws SQLException {
    return Sql.of(connection, LATEST).with(limit).list(ReadJobs::job);
  }

  private static final String FIND = SELECT + "WHERE l.public_id = ?";

  /** The job, by the id of its upload or of its request, without the tag. */
  public static Optional<Job> find(Connection connection, UUID id) throws SQLException {
    return Sql.of(connection, FIND).with(id).first(ReadJobs::job);
  }

  private static Job job(Row row) throws SQLException {
    return new Job(
        row.integer("id"),
        row.uuid("public_id"),
        row.text("partner"),
        row.text("book"),
        row.text("kind"),
        row.textOrNull("file_name"),
        FileLayout.understood(row.textOrNull("layout")),
        row.textOrNull("reason"),
        row.instant("created_at"),
        LoadProgress.elapsed(row),
        LoadProgress.of(row));
  }

  /**
   * A range of bytes of a file, or of counters of a generation.
   *
   * @param position the point up to which it is done
   * @param silentSeconds since its last chunk
   */
  public record Part(
      int number, long from, long to, long position, long read, double silentSeconds) {
    /** From 0 to 100. */
    public double percent() {
      return to == from ? 100 : 100.0 * (position - from) / (to - from);
    }

    public boolean isDone() {
      return position >= to;
    }

    public boolean isBegun() {
      return position > from;
    }
  }

  /** What looked wrong in the file of a job and was kept. */
  public static List<CountedWarning> warnings(Connection connection, int load) throws SQLException {
    return FileWarnings.ofLoad(connection, load);
  }

  private static final String PARTS =
      """
      SELECT part, range_from, range_to, position, rows_read,
             extract(epoch FROM coupon_clock() - updated_at) AS silent
      FROM code_load_part
      WHERE load_id = ?
      ORDER BY part
      """;

  /** The parts of a job, in their order. */
  public static List<Part> parts(Connection connection, int load) throws SQLException {
    return Sql.of(connection, PARTS)
        .with(load)
        .list(row ->
            new Part(
                row.integer("part"),
                row.bigint("range_from"),
                row.bigint("range_to"),
                row.bigint("position"),
                row.bigint("rows_read"),
                row.number("silent")));
  }

  /**
   * What an operator asked of a job.
   *
   * @param refusal why it was not done; null: it was, or nobody has taken it yet
   */
  public record Order(
      String action,
      String who,
      String why,
      Instant ordered,
      boolean done,
      @Nullable String refusal) {}

  private static final String ORDERS =
      """
      SELECT action, who, why, ordered_at, done_at IS NOT NULL AS done, refusal
      FROM load_order
      WHERE load_id = ?
      ORDER BY id
      """;

  /** The orders for a job, the oldest first. */
  public static List<Order> orders(Connection connection, int load) throws SQLException {
    return Sql.of(connection, ORDERS)
        .with(load)
        .list(row ->
            new Order(
                row.text("action"),
                row.text("who"),
                row.text("why"),
                row.instant("ordered_at"),
                row.flag("done"),
                row.textOrNull("refusal")));
  }

  private static final String EXECUTIONS =
      """
      SELECT count(DISTINCT job_execution_id) AS executions
      FROM batch.batch_job_execution_params
      WHERE parameter_name = 'load' AND parameter_value = ?
      """;

  /** How often a job was begun: once, and once more for each restart and each leader that died. */
  public static int executions(Connection connection, int load) throws SQLException {
    return Sql.of(connection, EXECUTIONS)
        .with(Integer.toString(load))
        .one(row -> row.integer("executions"));
  }

  private static final String LAST_FAILURE =
      """
      SELECT s.exit_message
      FROM batch.batch_step_execution s
      JOIN batch.batch_job_execution_params p USING (job_execution_id)
      WHERE p.parameter_name = 'load' AND p.parameter_value = ? AND s.exit_code = 'FAILED' AND s.exit_message <> ''
        -- A stop that was ordered is no failure, and of a load whose part failed only the part knows why.
        AND s.exit_message NOT LIKE '%LoadHeldException%'
        AND s.exit_message NOT LIKE '%JobExecutionException%'
      ORDER BY s.last_updated DESC
      LIMIT 1
      """;

  private static final Pattern OF_POSTGRES = Pattern.compile("(?:ERROR|FATAL|PANIC): .*");

  /**
   * Why a job's work last failed, other than by an order to stop, in one line: what PostgreSQL
   * said, or the first line of what was thrown. Most such failures pass, and the job goes on by
   * itself.
   */
  public static Optional<String> lastFailure(Connection connection, int load) throws SQLException {
    return Sql.of(connection, LAST_FAILURE)
        .with(Integer.toString(load))
        .first(row -> line(row.text("exit_message")));
  }

  private static String line(String message) {
    var postgres = OF_POSTGRES.matcher(message);
    return postgres.find() ? postgres.group() : message.lines().findFirst().orElse("");
  }

  /**
   * A rejected row of a file.
   *
   * @param line of the file, from 1; too low while a part before its own is not done
   * @param text its first 200 characters, as the partner sent them
   */
  public record Reject(long line, long offset, String reason, String text) {}

  // A part counts its lines from 0; those of the parts before it are known when they are done.
  private static final String REJECTS =
      """
      SELECT r.line + 1 + coalesce((
               SELECT sum(p.lines) FROM code_load_part p WHERE p.load_id = r.load_id AND p.part < r.part), 0) AS line,
             r.byte_offset, r.reason, left(r.raw, 200) AS row
      FROM code_reject r
      WHERE r.load_id = ?
      ORDER BY r.part, r.line
      LIMIT ?
      """;

  /** The first rejected rows of an import, in the order of the file. */
  public static List<Reject> rejects(Connection connection, int load, int limit)
      throws SQLException {
    return Sql.of(connection, REJECTS)
        .with(load)
        .with(limit)
        .list(row ->
            new Reject(
                row.bigint("line"),
                row.bigint("byte_offset"),
                row.text("reason"),
                row.text("row")));
  }
}
