package dev.couponbook.cli.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A load as ops sees it, whichever partner's it is. */
public record LoadRow(
    int number,
    UUID id,
    String partner,
    String kind,
    @Nullable String fileName,
    LoadState load,
    Instant created,
    Duration elapsed) {

  // Bytes of a file, rows of a generation: what a part has behind it is summed over the parts.
  private static final String SELECT =
      """
      SELECT l.id, l.public_id, p.name AS partner, l.kind, l.file_name, l.reason,
             CASE WHEN l.held_at IS NULL THEN l.state::text ELSE 'stopped' END AS state,
             l.created_at, t.now,
             coalesce(extract(epoch FROM coalesce(l.finished_at, t.now) - l.started_at), 0) AS elapsed,
             coalesce(c.read, 0) AS read,
             coalesce(c.accepted, 0) AS accepted,
             coalesce(c.duplicate, 0) AS duplicate,
             coalesce(c.rejected, 0) AS rejected,
             coalesce(CASE WHEN l.kind = 'import' THEN c.bytes ELSE c.accepted END, 0) AS done,
             coalesce(CASE WHEN l.kind = 'import' THEN l.bytes_total ELSE l.rows_expected END, 0) AS whole
      FROM code_load l
      JOIN partner p ON p.id = l.partner_id
      CROSS JOIN (SELECT coupon_clock() AS now) t
      LEFT JOIN LATERAL (
        SELECT sum(rows_read) AS read, sum(rows_accepted) AS accepted,
               sum(rows_duplicate) AS duplicate, sum(rows_rejected) AS rejected,
               sum(bytes) AS bytes
        FROM code_load_part
        WHERE load_id = l.id) c ON true
      """;

  private static final String LATEST =
      SELECT
          + """
          WHERE l.kind <> 'request'
          ORDER BY l.id DESC
          LIMIT ?
          """;

  static List<LoadRow> latest(Connection connection, int limit) throws SQLException {
    try (var statement = connection.prepareStatement(LATEST)) {
      statement.setInt(1, limit);
      var rows = statement.executeQuery();
      var loads = new ArrayList<LoadRow>();
      while (rows.next()) {
        loads.add(of(rows));
      }
      return loads;
    }
  }

  private static final String BY_ID = SELECT + "WHERE l.public_id = ?";

  public static Optional<LoadRow> find(Connection connection, UUID id) throws SQLException {
    try (var statement = connection.prepareStatement(BY_ID)) {
      statement.setObject(1, id);
      var rows = statement.executeQuery();
      return rows.next() ? Optional.of(of(rows)) : Optional.empty();
    }
  }

  private static LoadRow of(ResultSet row) throws SQLException {
    var elapsed = Duration.ofMillis(Math.round(row.getDouble("elapsed") * 1000));
    return new LoadRow(
        row.getInt("id"),
        row.getObject("public_id", UUID.class),
        row.getString("partner"),
        row.getString("kind"),
        row.getString("file_name"),
        state(row, elapsed),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        elapsed);
  }

  private static LoadState state(ResultSet row, Duration elapsed) throws SQLException {
    var state = row.getString("state");
    long done = row.getLong("done");
    long whole = row.getLong("whole");
    long read = row.getLong("read");
    boolean over = state.startsWith("completed") || state.equals("undone");
    double percent = over ? 100 : whole == 0 ? 0 : Math.min(99.9, 100.0 * done / whole);
    return new LoadState(
        state,
        percent,
        read,
        row.getLong("accepted"),
        row.getLong("duplicate"),
        row.getLong("rejected"),
        elapsed.isZero() ? 0 : read * 1000 / Math.max(1, elapsed.toMillis()),
        estimatedEnd(row, state, elapsed, done, whole),
        row.getString("reason"));
  }

  private static @Nullable Instant estimatedEnd(
      ResultSet row, String state, Duration elapsed, long done, long whole) throws SQLException {
    if (!state.equals("running") || done <= 0 || done >= whole) {
      return null;
    }
    var now = row.getObject("now", OffsetDateTime.class).toInstant();
    return now.plusMillis(Math.round(elapsed.toMillis() * ((double) (whole - done) / done)));
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", id.toString());
    json.put("partner", partner);
    json.put("kind", kind);
    if (fileName != null) {
      json.put("fileName", fileName);
    }
    json.put("createdAt", created.toString());
    json.put("seconds", elapsed.toMillis() / 1000.0);
    json.putAll(load.json());
    return json;
  }
}
