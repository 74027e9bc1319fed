package dev.couponbook.ingest.load;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.RemoveCodes;

/** Takes back the codes of a load that nobody has been given. */
public final class UndoneLoad {
  private static final int ATTEMPTS = 10;

  private UndoneLoad() {}

  /**
   * Removes the load's free codes, one range of pick numbers per transaction. If it is cut off, the
   * next call finds and removes the rest.
   */
  public static void removeCodes(Transactions transactions, CodeLoad load) {
    int last = transactions.inTransaction(c -> RemoveCodes.lastPick(c, load.bookId()));
    for (int pick = 0; pick < last; pick += RemoveCodes.STEP) {
      step(transactions, load, pick);
    }
  }

  // Assigning locks codes in another order. Of two that wait for each other, PostgreSQL tells
  // one to try again.
  private static void step(Transactions transactions, CodeLoad load, int firstPick) {
    for (int attempt = 1; ; attempt++) {
      try {
        transactions.inTransaction(c -> RemoveCodes.step(c, load, firstPick));
        return;
      } catch (DatabaseException e) {
        if (e.kind() != DatabaseException.Kind.RETRY || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
