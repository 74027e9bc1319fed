package dev.couponbook.unlock;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.tidy.Sweep;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sweep: batch after batch, each in a transaction of its own, until nothing is left that was
 * due.
 */
class RunSweep {
  private static final Logger LOG = LoggerFactory.getLogger(RunSweep.class);
  // A transaction of some ten milliseconds: nobody notices waiting for it.
  private static final int BATCH = 1_000;
  // A sweep that finds more than this goes on at the next event, so that no message is held for
  // long.
  private static final int MOST_BATCHES = 500;

  /** What a sweep did. */
  record Swept(
      int locksFreed,
      int codesVoided,
      int booksFolded,
      int outcomesDropped,
      int forgottenDropped,
      int triesDropped,
      int rejectsDropped,
      int auditDropped) {
    boolean isNothing() {
      return equals(NOTHING);
    }

    private static final Swept NOTHING = new Swept(0, 0, 0, 0, 0, 0, 0, 0);
  }

  private final Transactions transactions;
  private final UnlockSettings settings;
  private final int batchRows;
  private final int mostBatches;

  RunSweep(Transactions transactions, UnlockSettings settings) {
    this(transactions, settings, BATCH, MOST_BATCHES);
  }

  /**
   * @param batchRows rows of a transaction
   * @param mostBatches transactions for each kind of row; what is left waits for the next sweep
   */
  RunSweep(Transactions transactions, UnlockSettings settings, int batchRows, int mostBatches) {
    this.transactions = transactions;
    this.settings = settings;
    this.batchRows = batchRows;
    this.mostBatches = mostBatches;
  }

  private interface Batch {
    int run(Connection connection) throws SQLException;
  }

  /**
   * Runs one sweep and says what it did. While another sweep runs, this one leaves its batches to
   * that one.
   *
   * @throws dev.couponbook.postgres.DatabaseException if a batch failed; those before it stay
   *     committed
   */
  Swept runOnce() {
    var swept =
        new Swept(
            untilDone(c -> Sweep.freeExpiredLocks(c, batchRows)),
            untilDone(c -> Sweep.voidExpiredCodes(c, batchRows)),
            untilDone(c -> Sweep.foldCounts(c, batchRows)),
            untilDone(c -> Sweep.dropOutcomes(c, settings.outcomes(), batchRows)),
            untilDone(c -> Sweep.dropForgotten(c, settings.forgotten(), batchRows)),
            untilDone(c -> Sweep.dropTries(c, settings.outcomes(), batchRows)),
            untilDone(c -> Sweep.dropRejects(c, settings.rejects(), batchRows)),
            untilDone(c -> Sweep.dropAudit(c, settings.audit(), batchRows)));
    if (!swept.isNothing()) {
      LOG.info("swept: {}", swept);
    }
    return swept;
  }

  private int untilDone(Batch batch) {
    int total = 0;
    for (int i = 0; i < mostBatches; i++) {
      int rows = batch(batch);
      total += rows;
      if (rows < batchRows) {
        break;
      }
    }
    return total;
  }

  private int batch(Batch batch) {
    return transactions.inTransaction(
        connection -> Sweep.begin(connection) ? batch.run(connection) : 0);
  }
}
