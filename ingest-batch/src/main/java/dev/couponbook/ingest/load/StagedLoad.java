package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.StagedCodes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** What happens to staged codes once the whole file has been read. */
public final class StagedLoad {
  /** Why a load fails whose upload asked for all or nothing. */
  public static final String CODE_EXISTS =
      "A code of the file exists already, and the upload asked to keep nothing then";

  /**
   * Dooms a load that has more rejects than its upload allows. Chunks that commit side by side may
   * pass the bound together, unseen by each other; so it is looked at once more at the end.
   */
  public static void boundRejects(Connection connection, CodeLoad load) throws SQLException {
    var most = load.options().maxRejects();
    if (most != null && LoadParts.totals(connection, load.id()).rejected() > most) {
      CodeLoads.doom(
          connection,
          load.id(),
          String.format(
              Locale.ROOT,
              "More than %,d rows would be rejected, and the upload asked to keep nothing then",
              most));
    }
  }

  // Half a chunk of a part (see Block.ROWS). Dropping codes takes no memory here, so a page may
  // be that large for both.
  private static final int PAGE = 50_000;

  private StagedLoad() {}

  /**
   * Moves the staged codes into the book, one page per transaction; if it is cut off, the next call
   * goes on with the rest. If a code has been created since it was staged, the load is doomed and
   * the remaining codes stay staged.
   */
  public static void keep(Transactions transactions, CodeLoad load) {
    var target = new Target(load.partner(), load.bookId(), load.id());
    var pickNumbers = new PickNumbers(transactions, load.bookId());
    List<NewCode> page;
    while (!(page = page(transactions, load)).isEmpty()) {
      var codes = page;
      var picks = pickNumbers.take(codes.size());
      boolean clashed =
          transactions.inTransaction(c -> {
            var duplicates = StagedCodes.move(c, target, codes, picks);
            if (!duplicates.isEmpty()) {
              CodeLoads.countLost(c, load.id(), duplicates.size());
              CodeLoads.doomForDuplicate(
                  c, load.id(), CODE_EXISTS, duplicates.getFirst().code(), null);
            }
            return !duplicates.isEmpty();
          });
      if (clashed) {
        return;
      }
    }
  }

  private static List<NewCode> page(Transactions transactions, CodeLoad load) {
    return transactions.inTransaction(c -> StagedCodes.page(c, load.id(), PAGE));
  }

  /** Drops what is staged, one page per transaction. */
  public static void drop(Transactions transactions, CodeLoad load) {
    while (transactions.inTransaction(c -> StagedCodes.clear(c, load.id(), PAGE)) > 0) {
      // until none is left
    }
  }
}
