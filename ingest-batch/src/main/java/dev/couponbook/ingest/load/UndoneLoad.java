package dev.couponbook.ingest.load;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.RemoveCodes;

/** Takes back what a load has brought, as far as nobody has it. */
public final class UndoneLoad {
  private static final int ATTEMPTS = 10;

  private UndoneLoad() {}

  /**
   * Removes the load's free codes, a step a transaction. Cut off in the middle, it goes on where it
   * finds the rest.
   */
  public static void removeCodes(Transactions transactions, CodeLoad load) {
    int last = transactions.inTransaction(c -> RemoveCodes.lastPick(c, load.bookId()));
    for (int pick = 0; pick < last; pick += RemoveCodes.STEP) {
      step(transactions, load, pick);
    }
  }

  // Assigns lock codes in another order: one of two that wait for each other is told to try again.
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
