package dev.couponbook.store.read;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Loads as operators see them, whichever partner's they are. Each method is one statement and needs
 * no transaction; the connection is that of {@code coupon_ops}, whom row-level security lets see
 * all partners.
 */
public final class ReadJobs {
  private ReadJobs() {}

  /**
   * A load at one moment.
   *
   * @param number by which the tables know it
   * @param kind as {@code load_kind} spells it
   * @param reason why it failed or fails, for people
   * @param elapsed since it started, to its end or to now
   */
  public record Job(
      int number,
      UUID id,
      String partner,
      String kind,
      @Nullable String fileName,
      @Nullable String reason,
      Instant created,
      Duration elapsed,
      LoadProgress progress) {}

  private static final String SELECT =
      """
      SELECT l.id, l.public_id, partner.name AS partner, l.kind, l.file_name, l.reason, l.created_at,
      """
          + LoadProgress.COLUMNS
          + """
          FROM code_load l
          JOIN partner ON partner.id = l.partner_id
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
    try (var statement = connection.prepareStatement(LATEST)) {
      statement.setInt(1, limit);
      try (var rows = statement.executeQuery()) {
        var jobs = new ArrayList<Job>();
        while (rows.next()) {
          jobs.add(job(rows));
        }
        return jobs;
      }
    }
  }

  private static final String FIND = SELECT + "WHERE l.public_id = ?";

  /** The job, by the id of its upload or of its request, without the tag. */
  public static Optional<Job> find(Connection connection, UUID id) throws SQLException {
    try (var statement = connection.prepareStatement(FIND)) {
      statement.setObject(1, id);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(job(rows)) : Optional.empty();
      }
    }
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getInt("id"),
        row.getObject("public_id", UUID.class),
        row.getString("partner"),
        row.getString("kind"),
        row.getString("file_name"),
        row.getString("reason"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        LoadProgress.elapsed(row),
        LoadProgress.of(row));
  }
}
