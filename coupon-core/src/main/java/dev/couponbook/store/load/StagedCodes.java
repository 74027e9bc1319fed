package dev.couponbook.store.load;

import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;

/**
 * The codes of a load that does not keep them, or not yet: a dry run, and a file of which nothing
 * is kept if a single code exists. Codes cannot be assigned from here.
 */
public final class StagedCodes {
  private StagedCodes() {}

  /**
   * What became of a chunk: how many had their duplicate in the load, and the duplicates elsewhere.
   */
  public record Staged(int duplicatesInLoad, List<Duplicate> duplicates) {}

  private static final String ADD =
      """
      INSERT INTO code_staged (load_id, code, expires_at)
      SELECT ?, new.code,
        CASE WHEN new.expires_micros IS NOT NULL
          THEN timestamptz 'epoch' + new.expires_micros * interval '1 microsecond' END
      FROM unnest(?::text[], ?::bigint[]) AS new (code, expires_micros)
      ON CONFLICT (load_id, code) DO NOTHING
      """;

  /** Adds those of the codes that are new to the partner and to the load. */
  public static Staged add(Connection connection, Target target, List<NewCode> codes)
      throws SQLException {
    var texts = codes.stream().map(NewCode::text).toList();
    var duplicates = CopyCodes.duplicates(connection, target.partner(), texts);
    var existing = new HashSet<String>();
    duplicates.forEach(duplicate -> existing.add(duplicate.code()));
    var fresh = codes.stream().filter(code -> !existing.contains(code.text())).toList();
    int added =
        Sql.of(connection, ADD)
            .with(target.loadId())
            .texts(fresh, NewCode::text)
            .bigints(fresh, CopyCodes::expiration)
            .update();
    return new Staged(fresh.size() - added, duplicates);
  }

  private static final String PAGE =
      """
      SELECT code, (extract(epoch FROM expires_at) * 1000000)::bigint AS expires_micros
      FROM code_staged
      WHERE load_id = ?
      ORDER BY code
      LIMIT ?
      """;

  /** The first of the staged codes, in their order. */
  public static List<NewCode> page(Connection connection, int loadId, int limit)
      throws SQLException {
    return Sql.of(connection, PAGE)
        .with(loadId)
        .with(limit)
        .list(row -> {
          var expires = row.bigintOrNull("expires_micros");
          return new NewCode(
              row.text("code").getBytes(StandardCharsets.US_ASCII),
              expires == null ? NewCode.NEVER : expires,
              0);
        });
  }

  private static final String REMOVE_TO =
      """
      DELETE FROM code_staged
      WHERE load_id = ? AND code <= ?
      """;

  /** Adds a page to the partner's codes, and takes it from the staged ones. */
  public static List<Duplicate> move(
      Connection connection, Target target, List<NewCode> page, int[] picks) throws SQLException {
    var duplicates = CopyCodes.add(connection, target, page, picks);
    Sql.of(connection, REMOVE_TO).with(target.loadId()).with(page.getLast().text()).update();
    CopyCodes.countFree(
        connection, target.partner(), target.bookId(), page.size() - duplicates.size());
    return duplicates;
  }

  private static final String CLEAR =
      """
      WITH removed AS (
        DELETE FROM code_staged
        WHERE load_id = ? AND code IN (SELECT code FROM code_staged WHERE load_id = ? ORDER BY code LIMIT ?)
        RETURNING 1),
      counted AS (
        UPDATE code_load
        SET rows_removed = coalesce(rows_removed, 0) + (SELECT count(*) FROM removed)
        WHERE id = ? AND NOT dry_run) -- a dry run accepts rows that it never meant to keep
      SELECT count(*) AS removed FROM removed
      """;

  /**
   * Drops some of the staged codes, and counts them as removed from the load.
   *
   * @return how many; 0 when none is left
   */
  public static int clear(Connection connection, int loadId, int limit) throws SQLException {
    return Sql.of(connection, CLEAR)
        .with(loadId)
        .with(loadId)
        .with(limit)
        .with(loadId)
        .one(row -> row.integer("removed"));
  }
}
