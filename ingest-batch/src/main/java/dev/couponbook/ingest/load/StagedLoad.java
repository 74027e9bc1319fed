package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.StagedCodes;
import java.util.List;

/** What happens to staged codes when the whole file has been read. */
public final class StagedLoad {
  // As a chunk of a part: see Block.ROWS; dropping needs no memory here and may be as large.
  private static final int PAGE = 50_000;

  private StagedLoad() {}

  /**
   * Gives the staged codes to the book, a page a transaction; cut off, it goes on with the rest. If
   * a code has come into being since it was staged, the load is doomed, and the rest stays.
   */
  public static void keep(Transactions transactions, CodeLoad load) {
    var target = new Target(load.partner(), load.bookId(), load.id());
    List<NewCode> page;
    while (!(page = page(transactions, load)).isEmpty()) {
      var codes = page;
      var picks = new SortBlock(transactions, load).picks(codes.size());
      boolean clashed =
          transactions.inTransaction(c -> {
            var twins = StagedCodes.move(c, target, codes, picks);
            if (!twins.isEmpty()) {
              CodeLoads.countLost(c, load.id(), twins.size());
              CodeLoads.doom(c, load.id(), ChunkWriter.CODE_EXISTS);
            }
            return !twins.isEmpty();
          });
      if (clashed) {
        return;
      }
    }
  }

  private static List<NewCode> page(Transactions transactions, CodeLoad load) {
    return transactions.inTransaction(c -> StagedCodes.page(c, load.id(), PAGE));
  }

  /** Drops what is staged. */
  public static void drop(Transactions transactions, CodeLoad load) {
    while (transactions.inTransaction(c -> StagedCodes.clear(c, load.id(), PAGE)) > 0) {
      // until none is left
    }
  }
}
