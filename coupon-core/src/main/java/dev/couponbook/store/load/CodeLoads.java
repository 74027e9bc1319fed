package dev.couponbook.store.load;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.load.CodeLoad.Kind;
import dev.couponbook.store.load.CodeLoad.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The loads: files and generations, from their first row to their final state. */
public final class CodeLoads {
  private CodeLoads() {}

  private static final String COLUMNS =
      """
      id, public_id, partner_id, book_id, kind, state, reason, file_name, object_key, object_etag, sha256, bytes_total,
      on_duplicate = 'fail' AS fail_on_duplicate, dry_run, default_expires_at, rows_expected, generator, layout,
      cancel_requested_at IS NOT NULL AS cancel_requested, attempt
      """;

  /**
   * The file of a load to be.
   *
   * @param name what the partner calls it; null if unknown
   * @param key the object's key in the bucket
   * @param etag the object as it was when its event arrived
   * @param sha256 as declared, in base64; null if none was
   * @param bytes the object's length
   * @param failOnDuplicate whether nothing is to be kept if one code exists already
   * @param dryRun whether nothing is to be kept in any case
   * @param defaultExpiration of codes that have none of their own; null if they never expire
   */
  public record NewFile(
      @Nullable String name,
      String key,
      String etag,
      @Nullable String sha256,
      long bytes,
      boolean failOnDuplicate,
      boolean dryRun,
      @Nullable Instant defaultExpiration) {}

  /** A load to be: what is known when its file or its request arrives. */
  public record NewLoad(
      LoadId publicId,
      PartnerId partner,
      int bookId,
      Kind kind,
      @Nullable String fileName,
      @Nullable String objectKey,
      @Nullable String objectEtag,
      @Nullable String sha256,
      long bytesTotal,
      boolean failOnDuplicate,
      boolean dryRun,
      @Nullable Instant defaultExpiration,
      @Nullable Long rowsExpected,
      @Nullable String generator) {

    /** A load of a file, for this book of the partner. */
    public static NewLoad ofFile(LoadId publicId, PartnerId partner, int bookId, NewFile file) {
      return new NewLoad(
          publicId,
          partner,
          bookId,
          Kind.IMPORT,
          file.name(),
          file.key(),
          file.etag(),
          file.sha256(),
          file.bytes(),
          file.failOnDuplicate(),
          file.dryRun(),
          file.defaultExpiration(),
          null,
          null);
    }

    /**
     * A load of generated codes, for this book of the partner.
     *
     * @param rowsExpected how many codes were asked for
     * @param generator JSON: what to generate, and the key
     */
    public static NewLoad ofGeneration(
        LoadId publicId, PartnerId partner, int bookId, long rowsExpected, String generator) {
      return new NewLoad(
          publicId,
          partner,
          bookId,
          Kind.GENERATE,
          null,
          null,
          null,
          null,
          0,
          false,
          false,
          null,
          rowsExpected,
          generator);
    }
  }

  private static final String BOOK_OF_PARTNER =
      """
      SELECT id
      FROM coupon_book
      WHERE public_id = ? AND partner_id = ?
      """;

  /** The number of the partner's book; empty if there is none, or it is another partner's. */
  public static OptionalInt bookOf(Connection connection, PartnerId partner, BookId book)
      throws SQLException {
    try (var statement = connection.prepareStatement(BOOK_OF_PARTNER)) {
      statement.setObject(1, book.value());
      statement.setInt(2, partner.value());
      var row = statement.executeQuery();
      return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
    }
  }

  private static final String CREATE =
      """
      INSERT INTO code_load (public_id, partner_id, book_id, kind, file_name, object_key, object_etag, sha256,
        bytes_total, on_duplicate, dry_run, default_expires_at, rows_expected, generator)
      VALUES (?, ?, ?, ?::load_kind, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json)
      ON CONFLICT (public_id) DO NOTHING -- the same event or message once more
      RETURNING id
      """;

  /** Creates the load; empty if it was there already, because its event came before. */
  public static OptionalInt create(Connection connection, NewLoad load) throws SQLException {
    try (var statement = connection.prepareStatement(CREATE)) {
      statement.setObject(1, load.publicId().value());
      statement.setInt(2, load.partner().value());
      statement.setInt(3, load.bookId());
      statement.setString(4, load.kind().sql());
      statement.setString(5, load.fileName());
      statement.setString(6, load.objectKey());
      statement.setString(7, load.objectEtag());
      statement.setString(8, load.sha256());
      statement.setLong(9, load.bytesTotal());
      statement.setString(10, load.failOnDuplicate() ? "fail" : "skip");
      statement.setBoolean(11, load.dryRun());
      statement.setObject(12, utc(load.defaultExpiration()), Types.TIMESTAMP_WITH_TIMEZONE);
      statement.setObject(13, load.rowsExpected(), Types.BIGINT);
      statement.setString(14, load.generator());
      var row = statement.executeQuery();
      return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
    }
  }

  private static final String BY_ID = "SELECT " + COLUMNS + " FROM code_load WHERE id = ?";

  /** The load of this number, which must be there: loads are never deleted while they run. */
  public static CodeLoad byId(Connection connection, int id) throws SQLException {
    try (var statement = connection.prepareStatement(BY_ID)) {
      statement.setInt(1, id);
      var row = statement.executeQuery();
      if (!row.next()) {
        throw new IllegalStateException("there is no load " + id);
      }
      return load(row);
    }
  }

  private static final String BY_PUBLIC_ID =
      "SELECT " + COLUMNS + " FROM code_load WHERE public_id = ? AND partner_id = ?";

  /** The partner's load; empty for an absent one and for another partner's alike. */
  public static Optional<CodeLoad> find(Connection connection, PartnerId partner, LoadId publicId)
      throws SQLException {
    try (var statement = connection.prepareStatement(BY_PUBLIC_ID)) {
      statement.setObject(1, publicId.value());
      statement.setInt(2, partner.value());
      var row = statement.executeQuery();
      return row.next() ? Optional.of(load(row)) : Optional.empty();
    }
  }

  private static final String UNFINISHED =
      "SELECT "
          + COLUMNS
          + """
          FROM code_load
          WHERE state IN ('queued', 'running') AND kind IN ('import', 'generate')
            AND held_at IS NULL
          ORDER BY id
          LIMIT ?
          """;

  /** Loads that need a job, the oldest first. */
  public static List<CodeLoad> unfinished(Connection connection, int limit) throws SQLException {
    try (var statement = connection.prepareStatement(UNFINISHED)) {
      statement.setInt(1, limit);
      var row = statement.executeQuery();
      var loads = new ArrayList<CodeLoad>();
      while (row.next()) {
        loads.add(load(row));
      }
      return loads;
    }
  }

  private static final String BEGIN =
      """
      UPDATE code_load
      SET state = 'running', started_at = coalesce(started_at, coupon_clock())
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  /** The load runs from now on; a restart leaves its start as it was. */
  public static void begin(Connection connection, int id) throws SQLException {
    try (var statement = connection.prepareStatement(BEGIN)) {
      statement.setInt(1, id);
      statement.executeUpdate();
    }
  }

  private static final String SET_LAYOUT = "UPDATE code_load SET layout = ?::json WHERE id = ?";

  public static void setLayout(Connection connection, int id, String layout) throws SQLException {
    try (var statement = connection.prepareStatement(SET_LAYOUT)) {
      statement.setString(1, layout);
      statement.setInt(2, id);
      statement.executeUpdate();
    }
  }

  private static final String DOOM =
      """
      UPDATE code_load
      SET reason = ?
      WHERE id = ? AND reason IS NULL -- the first reason is the one to tell
        AND state IN ('queued', 'running')
      """;

  /** The load is going to fail for this reason; its parts stop at their next chunk. */
  public static void doom(Connection connection, int id, String reason) throws SQLException {
    try (var statement = connection.prepareStatement(DOOM)) {
      statement.setString(1, reason);
      statement.setInt(2, id);
      statement.executeUpdate();
    }
  }

  private static final String REQUEST_CANCEL =
      """
      UPDATE code_load
      SET cancel_requested_at = coalesce(cancel_requested_at, coupon_clock())
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  /** Asks the load to stop at its next chunk; false if it is finished already. */
  public static boolean requestCancel(Connection connection, int id) throws SQLException {
    try (var statement = connection.prepareStatement(REQUEST_CANCEL)) {
      statement.setInt(1, id);
      return statement.executeUpdate() == 1;
    }
  }

  /**
   * What a part must know before each chunk.
   *
   * @param mustStop the load wants no more chunks
   * @param held it wants them later: an operator stopped it
   */
  public record Pulse(boolean mustStop, boolean held, Instant now) {}

  private static final String PULSE =
      """
      SELECT cancel_requested_at IS NOT NULL OR reason IS NOT NULL OR state NOT IN ('queued', 'running'),
        held_at IS NOT NULL, coupon_clock()
      FROM code_load
      WHERE id = ?
      """;

  public static Pulse pulse(Connection connection, int id) throws SQLException {
    try (var statement = connection.prepareStatement(PULSE)) {
      statement.setInt(1, id);
      var row = statement.executeQuery();
      row.next();
      return new Pulse(
          row.getBoolean(1), row.getBoolean(2), row.getObject(3, OffsetDateTime.class).toInstant());
    }
  }

  private static final String FINISH =
      """
      UPDATE code_load
      SET state = ?::load_state, rejects_key = ?, summary_key = ?, codes_key = ?, finished_at = coupon_clock()
      WHERE id = ? AND state IN ('queued', 'running') -- a manager that was thought dead finishes nothing twice
      """;

  /** Gives the load its final state; false if it has one. */
  public static boolean finish(
      Connection connection,
      int id,
      State state,
      @Nullable String rejectsKey,
      @Nullable String summaryKey,
      @Nullable String codesKey)
      throws SQLException {
    try (var statement = connection.prepareStatement(FINISH)) {
      statement.setString(1, state.sql());
      statement.setString(2, rejectsKey);
      statement.setString(3, summaryKey);
      statement.setString(4, codesKey);
      statement.setInt(5, id);
      return statement.executeUpdate() == 1;
    }
  }

  private static final String COUNT_LOST =
      """
      UPDATE code_load
      SET rows_removed = coalesce(rows_removed, 0) + ?
      WHERE id = ?
      """;

  /** Counts codes that were accepted and are not kept. */
  public static void countLost(Connection connection, int id, int codes) throws SQLException {
    try (var statement = connection.prepareStatement(COUNT_LOST)) {
      statement.setInt(1, codes);
      statement.setInt(2, id);
      statement.executeUpdate();
    }
  }

  private static final String MARK_UNDONE =
      """
      UPDATE code_load
      SET state = 'undone'
      WHERE id = ? AND state NOT IN ('queued', 'running')
      """;

  public static void markUndone(Connection connection, int id) throws SQLException {
    try (var statement = connection.prepareStatement(MARK_UNDONE)) {
      statement.setInt(1, id);
      statement.executeUpdate();
    }
  }

  private static CodeLoad load(ResultSet row) throws SQLException {
    return new CodeLoad(
        row.getInt("id"),
        new LoadId(row.getObject("public_id", UUID.class)),
        new PartnerId(row.getInt("partner_id")),
        row.getInt("book_id"),
        Kind.of(row.getString("kind")),
        State.of(row.getString("state")),
        row.getString("reason"),
        row.getString("file_name"),
        row.getString("object_key"),
        row.getString("object_etag"),
        row.getString("sha256"),
        row.getLong("bytes_total"),
        row.getBoolean("fail_on_duplicate"),
        row.getBoolean("dry_run"),
        instant(row.getObject("default_expires_at", OffsetDateTime.class)),
        row.getObject("rows_expected", Long.class),
        row.getString("generator"),
        row.getString("layout"),
        row.getBoolean("cancel_requested"),
        row.getInt("attempt"));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
