package dev.couponbook.store.load;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.store.load.CodeLoad.Kind;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The loads: files and generations, from their first row to their final state. */
public final class CodeLoads {
  private CodeLoads() {}

  private static final String COLUMNS =
      """
      l.id, l.public_id, l.partner_id, l.book_id, l.kind, l.state, l.reason, l.file_name, l.object_key, l.object_etag,
      l.sha256, l.bytes_total, l.rows_expected, l.generator, l.layout,
      l.cancel_requested_at IS NOT NULL AS cancel_requested, l.attempt,
      """
          + OptionColumns.OF_L;

  /**
   * The file of a new load.
   *
   * @param name what the partner calls it; null if unknown
   * @param key the object's key in the bucket
   * @param etag of the object when its event arrived
   * @param sha256 as declared, in base64; null if none was
   * @param bytes the object's length, in bytes
   */
  public record NewFile(
      @Nullable String name,
      String key,
      String etag,
      @Nullable String sha256,
      long bytes,
      LoadOptions options) {}

  /** A new load: what is known when its file or its request arrives. */
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
      LoadOptions options,
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
          file.options(),
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
          LoadOptions.USUAL,
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
    return optional(
        Sql.of(connection, BOOK_OF_PARTNER)
            .with(book.value())
            .with(partner)
            .first(row -> row.integer("id")));
  }

  private static final String CREATE =
      """
      INSERT INTO code_load (public_id, partner_id, book_id, kind, file_name, object_key, object_etag, sha256,
        bytes_total, on_duplicate, dry_run, default_expires_at, max_rejects, stated_layout, rows_expected, generator)
      VALUES (?, ?, ?, ?::load_kind, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?::json)
      ON CONFLICT (public_id) DO NOTHING -- the same event or message arrived before
      RETURNING id
      """;

  /** Creates the load; empty if it was there already, because its event came before. */
  public static OptionalInt create(Connection connection, NewLoad load) throws SQLException {
    var options = load.options();
    return optional(
        Sql.of(connection, CREATE)
            .with(load.publicId().value())
            .with(load.partner())
            .with(load.bookId())
            .with(load.kind().sql())
            .with(load.fileName())
            .with(load.objectKey())
            .with(load.objectEtag())
            .with(load.sha256())
            .with(load.bytesTotal())
            .with(options.failOnDuplicate() ? "fail" : "skip")
            .with(options.dryRun())
            .with(options.expiration())
            .with(options.maxRejects())
            .with(OptionColumns.json(options.layout()))
            .with(load.rowsExpected())
            .with(load.generator())
            .first(row -> row.integer("id")));
  }

  private static final String CREATE_CANCELLED =
      """
      INSERT INTO code_load (public_id, partner_id, book_id, kind, state, reason, finished_at)
      VALUES (?, ?, ?, 'import', 'cancelled', 'Cancelled before its file arrived', coupon_clock())
      ON CONFLICT (public_id) DO NOTHING -- its file has arrived, or it was cancelled before
      """;

  /** Creates the load of a file that has not arrived and is not to be read; false if it has. */
  public static boolean createCancelled(
      Connection connection, LoadId publicId, PartnerId partner, int bookId) throws SQLException {
    return Sql.of(connection, CREATE_CANCELLED)
            .with(publicId.value())
            .with(partner)
            .with(bookId)
            .update()
        == 1;
  }

  private static final String BY_ID = "SELECT " + COLUMNS + " FROM code_load l WHERE l.id = ?";

  /** The load of this number, which must be there: loads are never deleted while they run. */
  public static CodeLoad byId(Connection connection, int id) throws SQLException {
    return Sql.of(connection, BY_ID)
        .with(id)
        .first(CodeLoads::load)
        .orElseThrow(() -> new IllegalStateException("there is no load " + id));
  }

  private static final String BY_PUBLIC_ID =
      "SELECT " + COLUMNS + " FROM code_load l WHERE l.public_id = ? AND l.partner_id = ?";

  /** The partner's load; empty if there is none, or if it is another partner's. */
  public static Optional<CodeLoad> find(Connection connection, PartnerId partner, LoadId publicId)
      throws SQLException {
    return Sql.of(connection, BY_PUBLIC_ID)
        .with(publicId.value())
        .with(partner)
        .first(CodeLoads::load);
  }

  private static final String UNFINISHED =
      "SELECT "
          + COLUMNS
          + """
          FROM code_load l
          WHERE state IN ('queued', 'running') AND kind IN ('import', 'generate')
            AND held_at IS NULL
          ORDER BY id
          LIMIT ?
          """;

  /** Loads that need a job, the oldest first. */
  public static List<CodeLoad> unfinished(Connection connection, int limit) throws SQLException {
    return Sql.of(connection, UNFINISHED).with(limit).list(CodeLoads::load);
  }

  private static final String BEGIN =
      """
      UPDATE code_load
      SET state = 'running', started_at = coalesce(started_at, coupon_clock())
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  /** Marks the load as running; a restart leaves its start as it was. */
  public static void begin(Connection connection, int id) throws SQLException {
    Sql.of(connection, BEGIN).with(id).update();
  }

  private static final String SET_LAYOUT = "UPDATE code_load SET layout = ?::json WHERE id = ?";

  /** Records the delimiter and the columns of the file, as JSON. */
  public static void setLayout(Connection connection, int id, String layout) throws SQLException {
    Sql.of(connection, SET_LAYOUT).with(layout).with(id).update();
  }

  private static final String DOOM =
      """
      UPDATE code_load
      SET reason = ?
      WHERE id = ? AND reason IS NULL -- the first reason is the one that is reported
        AND state IN ('queued', 'running')
      """;

  /** Marks the load as going to fail for this reason; its parts stop at their next chunk. */
  public static void doom(Connection connection, int id, String reason) throws SQLException {
    Sql.of(connection, DOOM).with(reason).with(id).update();
  }

  /** Why a load fails whose book is closed. */
  public static final String BOOK_CLOSED = "The book was closed, and takes no more codes";

  private static final String DOOM_IF_BOOK_CLOSED =
      """
      UPDATE code_load l
      SET reason = ?
      FROM coupon_book b
      WHERE l.id = ? AND l.reason IS NULL AND l.state IN ('queued', 'running')
        AND b.partner_id = l.partner_id AND b.id = l.book_id AND b.state = 'closed'
      """;

  /**
   * Dooms the load if its book is closed.
   *
   * @return whether it does fail for that now
   */
  public static boolean doomIfBookClosed(Connection connection, int id) throws SQLException {
    return Sql.of(connection, DOOM_IF_BOOK_CLOSED).with(BOOK_CLOSED).with(id).update() == 1;
  }

  private static final String DOOM_FOR_DUPLICATE =
      """
      UPDATE code_load
      SET reason = coalesce(reason, ?), duplicate_code = ?, duplicate_offset = ?
      WHERE id = ? AND state IN ('queued', 'running') AND (duplicate_code IS NULL OR duplicate_offset > ?)
      """;

  /**
   * Marks an all-or-nothing load as going to fail because of a code; of several, the first in the
   * file is kept.
   *
   * @param offset the byte of the file at which the code stands; null if that is not known
   */
  public static void doomForDuplicate(
      Connection connection, int id, String reason, String code, @Nullable Long offset)
      throws SQLException {
    Sql.of(connection, DOOM_FOR_DUPLICATE)
        .with(reason)
        .with(code)
        .with(offset)
        .with(id)
        .with(offset)
        .update();
  }

  private static final String EXPLAIN = "UPDATE code_load SET reason = ? WHERE id = ?";

  /** Says more exactly why a load fails that is doomed already. */
  public static void explain(Connection connection, int id, String reason) throws SQLException {
    Sql.of(connection, EXPLAIN).with(reason).with(id).update();
  }

  /**
   * The code for which an all-or-nothing load fails.
   *
   * @param offset the byte of the file at which it stands; null if that is not known
   */
  public record FatalDuplicate(String code, @Nullable Long offset) {}

  private static final String FATAL_DUPLICATE =
      """
      SELECT duplicate_code, duplicate_offset
      FROM code_load
      WHERE id = ? AND duplicate_code IS NOT NULL
      """;

  /** The code for which the load fails; empty if it does not fail for one that is known. */
  public static Optional<FatalDuplicate> fatalDuplicate(Connection connection, int id)
      throws SQLException {
    return Sql.of(connection, FATAL_DUPLICATE)
        .with(id)
        .first(row ->
            new FatalDuplicate(row.text("duplicate_code"), row.bigintOrNull("duplicate_offset")));
  }

  private static final String REQUEST_CANCEL =
      """
      UPDATE code_load
      SET cancel_requested_at = coalesce(cancel_requested_at, coupon_clock())
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  /** Asks the load to stop at its next chunk; false if it is finished already. */
  public static boolean requestCancel(Connection connection, int id) throws SQLException {
    return Sql.of(connection, REQUEST_CANCEL).with(id).update() == 1;
  }

  /**
   * What a part needs to know before each chunk.
   *
   * @param mustStop the load wants no more chunks
   * @param held it will want them later, because an operator stopped it
   */
  public record Pulse(boolean mustStop, boolean held, Instant now) {}

  private static final String PULSE =
      """
      SELECT cancel_requested_at IS NOT NULL OR reason IS NOT NULL OR state NOT IN ('queued', 'running') AS must_stop,
        held_at IS NOT NULL AS held, coupon_clock() AS now
      FROM code_load
      WHERE id = ?
      """;

  /** Reads the pulse of the load, at the database's time. */
  public static Pulse pulse(Connection connection, int id) throws SQLException {
    return Sql.of(connection, PULSE)
        .with(id)
        .one(row -> new Pulse(row.flag("must_stop"), row.flag("held"), row.instant("now")));
  }

  private static final String FINISH =
      """
      UPDATE code_load
      SET state = ?::load_state, rejects_key = ?, summary_key = ?, codes_key = ?, finished_at = coupon_clock()
      -- A process that was thought dead cannot finish the load twice.
      WHERE id = ? AND state IN ('queued', 'running')
      """;

  /** Gives the load its final state; false if it has one already. */
  public static boolean finish(
      Connection connection,
      int id,
      State state,
      @Nullable String rejectsKey,
      @Nullable String summaryKey,
      @Nullable String codesKey)
      throws SQLException {
    return Sql.of(connection, FINISH)
            .with(state.sql())
            .with(rejectsKey)
            .with(summaryKey)
            .with(codesKey)
            .with(id)
            .update()
        == 1;
  }

  private static final String COUNT_LOST =
      """
      UPDATE code_load
      SET rows_removed = coalesce(rows_removed, 0) + ?
      WHERE id = ?
      """;

  /** Counts codes that were accepted but are not kept. */
  public static void countLost(Connection connection, int id, int codes) throws SQLException {
    Sql.of(connection, COUNT_LOST).with(codes).with(id).update();
  }

  private static final String MARK_UNDONE =
      """
      UPDATE code_load
      SET state = 'undone'
      WHERE id = ? AND state NOT IN ('queued', 'running')
      """;

  /** Marks a finished load as undone. */
  public static void markUndone(Connection connection, int id) throws SQLException {
    Sql.of(connection, MARK_UNDONE).with(id).update();
  }

  private static CodeLoad load(Row row) throws SQLException {
    return new CodeLoad(
        row.integer("id"),
        new LoadId(row.uuid("public_id")),
        new PartnerId(row.integer("partner_id")),
        row.integer("book_id"),
        Kind.of(row.text("kind")),
        State.of(row.text("state")),
        row.textOrNull("reason"),
        row.textOrNull("file_name"),
        row.textOrNull("object_key"),
        row.textOrNull("object_etag"),
        row.textOrNull("sha256"),
        row.bigint("bytes_total"),
        OptionColumns.of(row),
        row.bigintOrNull("rows_expected"),
        row.textOrNull("generator"),
        row.textOrNull("layout"),
        row.flag("cancel_requested"),
        row.integer("attempt"));
  }

  private static OptionalInt optional(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }
}
