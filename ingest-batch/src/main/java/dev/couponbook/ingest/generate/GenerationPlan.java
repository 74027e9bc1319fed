package dev.couponbook.ingest.generate;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Range;
import java.util.ArrayList;
import java.util.List;

/** Cuts the counters of a generation into ranges. */
public final class GenerationPlan {
  // As for files: whole chunks, thirty-two ranges, some hundred at most.
  private static final long LARGEST_RANGE = 1_000_000;
  private static final int RANGES = 32;
  private static final int MOST_RANGES = 256;

  private final Transactions transactions;

  public GenerationPlan(Transactions transactions) {
    this.transactions = transactions;
  }

  public void make(CodeLoad load) {
    var generation = Generation.of(load);
    var ranges = ranges(generation.generated().amount());
    // Behind the counters of the amount are those that stand in for codes that were taken.
    ranges.add(
        new Range(
            Generation.TOP_UP, generation.generated().amount(), generation.generator().size(), 0));
    transactions.inTransaction(c -> {
      CodeLoads.begin(c, load.id());
      LoadParts.create(c, load.id(), ranges);
      return true;
    });
  }

  private static List<Range> ranges(long amount) {
    long chunks = Math.clamp(amount / RANGES / Block.ROWS, 1, LARGEST_RANGE / Block.ROWS);
    long size = Math.max(chunks * Block.ROWS, amount / MOST_RANGES + 1);
    var ranges = new ArrayList<Range>();
    for (long from = 0; from < amount; from += size) {
      ranges.add(new Range(ranges.size(), from, Math.min(from + size, amount), 0));
    }
    return ranges;
  }
}
