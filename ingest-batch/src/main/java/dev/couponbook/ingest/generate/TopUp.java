package dev.couponbook.ingest.generate;

import dev.couponbook.ingest.load.PartSteps;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts;
import org.springframework.batch.core.step.Step;

/**
 * The last part of a generation, worked off when all others are done: it needs to know what is
 * missing.
 */
public final class TopUp {
  private final PartSteps steps;
  private final Transactions transactions;

  public TopUp(PartSteps steps, Transactions transactions) {
    this.steps = steps;
    this.transactions = transactions;
  }

  public Step of(CodeLoad load) {
    return steps.of(
        "top-up",
        load,
        Generation.TOP_UP,
        pulse -> {
          var part =
              transactions.inTransaction(c -> LoadParts.one(c, load.id(), Generation.TOP_UP));
          return new TopUpBlocks(transactions, load, part);
        });
  }
}
