package dev.couponbook.store.load;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds codes by the ten thousand, always by COPY straight into the table, because nothing else is
 * half as fast. If a code exists already, COPY fails as a whole; existing codes are then looked up
 * first, and only if another one has come in meanwhile does ON CONFLICT sort it out.
 */
public final class CopyCodes {
  private CopyCodes() {}

  private static final String UNIQUE_VIOLATION = "23505";

  /** Whose codes they are: the load, its partner and its book. */
  public record Target(PartnerId partner, int bookId, int loadId) {}

  /** A code that exists already, and where: its book and load. */
  public record Duplicate(String code, int bookId, int loadId) {}

  /**
   * Adds those of the codes that are new, in the caller's transaction.
   *
   * @param codes sorted, no two equal: two loads that share codes then wait for each other in one
   *     order and cannot deadlock
   * @param picks a pick number for each of them
   * @return those that were there before
   */
  public static List<Duplicate> add(
      Connection connection, Target target, List<NewCode> codes, int[] picks) throws SQLException {
    return copied(connection, target, codes, picks)
        ? List.of()
        : addExpectingDuplicates(connection, target, codes, picks);
  }

  /**
   * Like {@link #add}, if some of the codes are likely to exist: a failed COPY costs as much as a
   * successful one, and leaves its rows behind for VACUUM.
   */
  public static List<Duplicate> addExpectingDuplicates(
      Connection connection, Target target, List<NewCode> codes, int[] picks) throws SQLException {
    var duplicates = duplicatesOfMany(connection, target.partner(), codes);
    var taken = new HashSet<String>(duplicates.size() * 2);
    duplicates.forEach(duplicate -> taken.add(duplicate.code()));
    var fresh = new ArrayList<NewCode>(codes.size());
    var freshPicks = new int[codes.size()];
    for (int i = 0; i < picks.length; i++) {
      if (taken.isEmpty() || !taken.contains(codes.get(i).text())) {
        freshPicks[fresh.size()] = picks[i];
        fresh.add(codes.get(i));
      }
    }
    if (!copied(connection, target, fresh, freshPicks)) {
      var late = addNew(connection, target, fresh, Arrays.copyOf(freshPicks, fresh.size()));
      duplicates.addAll(late);
    }
    return duplicates;
  }

  // Nothing is kept if one of the codes exists.
  private static boolean copied(
      Connection connection, Target target, List<NewCode> codes, int[] picks) throws SQLException {
    if (codes.isEmpty()) {
      return true;
    }
    var beforeCopy = connection.setSavepoint();
    try {
      copy(connection, target, codes, picks);
      connection.releaseSavepoint(beforeCopy);
      return true;
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(beforeCopy);
      return false;
    }
  }

  private static final String COPY =
      """
      COPY coupon (partner_id, book_id, load_id, pick, code, expires_at)
      FROM STDIN (FORMAT binary)
      """;

  private static void copy(Connection connection, Target target, List<NewCode> codes, int[] picks)
      throws SQLException {
    BinaryCopy.run(
        connection,
        COPY,
        copy -> {
          for (int i = 0; i < codes.size(); i++) {
            write(copy, target, codes.get(i), picks[i]);
          }
        });
  }

  private static void write(BinaryCopy copy, Target target, NewCode code, int pick)
      throws SQLException {
    copy.row(6);
    copy.integer(target.partner().value());
    copy.integer(target.bookId());
    copy.integer(target.loadId());
    copy.integer(pick);
    copy.text(code.code());
    if (code.expiresMicros() == NewCode.NEVER) {
      copy.nothing();
    } else {
      copy.timestamp(code.expiresMicros());
    }
  }

  private static final String ADD_NEW =
      """
      INSERT INTO coupon (partner_id, book_id, load_id, pick, code, expires_at)
      SELECT ?, ?, ?, new.pick, new.code,
        CASE WHEN new.expires_micros IS NOT NULL
          THEN timestamptz 'epoch' + new.expires_micros * interval '1 microsecond' END
      FROM unnest(?::text[], ?::integer[], ?::bigint[]) AS new (code, pick, expires_micros)
      ON CONFLICT (partner_id, code) DO NOTHING
      RETURNING code
      """;

  private static List<Duplicate> addNew(
      Connection connection, Target target, List<NewCode> codes, int[] picks) throws SQLException {
    var texts = codes.stream().map(NewCode::text).toList();
    var added = new HashSet<String>(codes.size() * 2);
    Sql.of(connection, ADD_NEW)
        .with(target.partner())
        .with(target.bookId())
        .with(target.loadId())
        .texts(texts, text -> text)
        .integers(Arrays.stream(picks).boxed().toList(), pick -> pick)
        .bigints(codes, CopyCodes::expiration)
        .each(row -> added.add(row.text("code")));
    var existing = texts.stream().filter(text -> !added.contains(text)).toList();
    return duplicates(connection, target.partner(), existing);
  }

  /** In microseconds since 1970, as PostgreSQL gets it; null: never. */
  static @Nullable Long expiration(NewCode code) {
    return code.expiresMicros() == NewCode.NEVER ? null : code.expiresMicros();
  }

  private static final String DUPLICATES =
      """
      SELECT code, book_id, load_id
      FROM coupon
      WHERE partner_id = ? AND code = ANY (?::text[])
      """;

  /** Those of the codes that the partner has, in whatever book. */
  public static List<Duplicate> duplicates(
      Connection connection, PartnerId partner, List<String> codes) throws SQLException {
    return Sql.of(connection, DUPLICATES)
        .with(partner)
        .texts(codes, code -> code)
        .list(
            row -> new Duplicate(row.text("code"), row.integer("book_id"), row.integer("load_id")));
  }

  // A planner that has no statistics of the table yet, or prefers a hash join for this many
  // codes, would read the whole table for each chunk.
  private static final String BY_INDEX =
      """
      SELECT set_config('enable_seqscan', 'off', true)
      """;

  private static List<Duplicate> duplicatesOfMany(
      Connection connection, PartnerId partner, List<NewCode> codes) throws SQLException {
    Sql.of(connection, BY_INDEX).each(_ -> {});
    return duplicates(connection, partner, codes.stream().map(NewCode::text).toList());
  }

  private static final String TAKE_PICKS =
      """
      UPDATE coupon_book_pick
      SET next_pick = next_pick + ?
      WHERE book_id = ?
      RETURNING next_pick
      """;

  /**
   * Takes a range of pick numbers for this many codes. A chunk of a load needs a transaction of its
   * own for it: if the row were locked until the end of a chunk, a book could take only one chunk
   * at a time.
   *
   * @return the first number of the range
   */
  public static int takePicks(Connection connection, int bookId, int count) throws SQLException {
    return Sql.of(connection, TAKE_PICKS)
        .with(count)
        .with(bookId)
        .first(row -> row.integer("next_pick") - count)
        .orElseThrow(() -> new IllegalStateException("book " + bookId + " has no pick numbers"));
  }

  private static final String COUNT_FREE =
      """
      INSERT INTO coupon_book_delta (partner_id, book_id, free)
      VALUES (?, ?, ?)
      """;

  /** Adds to the book's count of free codes; negative if codes were removed. */
  public static void countFree(Connection connection, PartnerId partner, int bookId, int free)
      throws SQLException {
    if (free != 0) {
      Sql.of(connection, COUNT_FREE).with(partner).with(bookId).with(free).update();
    }
  }
}
