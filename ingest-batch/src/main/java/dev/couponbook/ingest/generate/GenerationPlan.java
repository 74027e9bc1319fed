package dev.couponbook.ingest.generate;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.NewPart;
import java.util.ArrayList;
import java.util.List;

/** Cuts the counters of a generation into parts. */
public final class GenerationPlan {
  // As for files: whole blocks, thirty-two parts of a usual load, a few hundred at most.
  private static final long LARGEST_PART = 1_000_000;
  private static final int PARTS = 32;
  private static final int MOST_PARTS = 256;

  private final Transactions transactions;
  private final int blockRows;

  /**
   * @param blockRows codes of a block
   */
  public GenerationPlan(Transactions transactions, int blockRows) {
    this.transactions = transactions;
    this.blockRows = blockRows;
  }

  /** Marks the load as running and creates its parts; made again, it changes nothing. */
  public void make(CodeLoad load) {
    var generation = Generation.of(load);
    var parts = parts(generation.generated().amount(), blockRows);
    // The counters after those of the amount stand in for codes that were taken.
    parts.add(
        new NewPart(
            Generation.TOP_UP, generation.generated().amount(), generation.generator().size(), 0));
    transactions.run(c -> {
      CodeLoads.begin(c, load.id());
      CodeLoads.doomIfBookClosed(c, load.id());
      LoadParts.create(c, load.id(), parts);
    });
  }

  static List<NewPart> parts(long amount, int blockRows) {
    long blocks = Math.clamp(amount / PARTS / blockRows, 1, LARGEST_PART / blockRows);
    long size = Math.max(blocks * blockRows, amount / MOST_PARTS + 1);
    var parts = new ArrayList<NewPart>();
    for (long from = 0; from < amount; from += size) {
      parts.add(new NewPart(parts.size(), from, Math.min(from + size, amount), 0));
    }
    return parts;
  }
}
