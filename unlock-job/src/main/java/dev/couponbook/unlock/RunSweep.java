package dev.couponbook.unlock;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.tidy.Sweep;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sweep: batch after batch, each in its own transaction, until nothing is left that was due.
 */
class RunSweep {
  private static final Logger LOG = LoggerFactory.getLogger(RunSweep.class);
  // A transaction of some ten milliseconds: nobody waits for a sweep that he would notice.
  private static final int BATCH = 1_000;
  // A sweep that finds more than this goes on at the next event, so that a message is never held
  // for long.
  private static final int MOST_BATCHES = 500;

  /** What a sweep did. */
  record Swept(
      int locksFreed,
      int codesVoided,
      int booksFolded,
      int outcomesDropped,
      int triesDropped,
      int rejectsDropped,
      int auditDropped) {
    boolean isNothing() {
      return equals(NOTHING);
    }

    private static final Swept NOTHING = new Swept(0, 0, 0, 0, 0, 0, 0);
  }

  private final Transactions transactions;
  private final UnlockSettings settings;

  RunSweep(Transactions transactions, UnlockSettings settings) {
    this.transactions = transactions;
    this.settings = settings;
  }

  private interface Batch {
    int run(Connection connection) throws SQLException;
  }

  /**
   * Runs one sweep and says what it did. A batch that another sweep is running at the same time is
   * left to that one.
   */
  Swept runOnce() {
    var swept =
        new Swept(
            untilDone(c -> Sweep.freeExpiredLocks(c, BATCH)),
            untilDone(c -> Sweep.voidExpiredCodes(c, BATCH)),
            batch(c -> Sweep.foldCounts(c, BATCH)),
            untilDone(c -> Sweep.dropOutcomes(c, settings.outcomes(), BATCH)),
            untilDone(c -> Sweep.dropTries(c, settings.outcomes(), BATCH)),
            untilDone(c -> Sweep.dropRejects(c, settings.rejects(), BATCH)),
            untilDone(c -> Sweep.dropAudit(c, settings.audit(), BATCH)));
    if (!swept.isNothing()) {
      LOG.info("swept: {}", swept);
    }
    return swept;
  }

  private int untilDone(Batch batch) {
    int total = 0;
    for (int i = 0; i < MOST_BATCHES; i++) {
      int rows = batch(batch);
      total += rows;
      if (rows < BATCH) {
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
