package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.NewCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * Sorts a block by code and gives each code a random pick number. Sorted rows go into the primary
 * key side by side; pick numbers that are random only within the chunk keep the index of free codes
 * from being hit all over.
 */
final class SortBlock implements ItemProcessor<Block, Chunk> {
  private final Transactions transactions;
  // Fewer than an index page has entries.
  private static final int WINDOW = 256;

  private final CodeLoad load;
  private final SplittableRandom random = new SplittableRandom();

  SortBlock(Transactions transactions, CodeLoad load) {
    this.transactions = transactions;
    this.load = load;
  }

  @Override
  public Chunk process(Block block) {
    var sorted = new ArrayList<>(block.codes());
    Collections.sort(sorted); // stable: of equal codes the first of the file comes first
    var codes = withoutTwins(sorted);
    return new Chunk(
        block.from(),
        block.to(),
        block.lines(),
        block.bytes(),
        codes,
        load.isStaged() ? new int[0] : picks(codes.size()),
        sorted.size() - codes.size(),
        block.rejects());
  }

  private static List<NewCode> withoutTwins(List<NewCode> sorted) {
    var codes = new ArrayList<NewCode>(sorted.size());
    for (var code : sorted) {
      if (codes.isEmpty() || !codes.getLast().hasSameCode(code)) {
        codes.add(code);
      }
    }
    return codes;
  }

  /**
   * So many new pick numbers of the book, shuffled a window at a time. A pick begins anywhere, so
   * each code is as likely as any other; what a batch then takes together lies on a few pages.
   */
  int[] picks(int count) {
    var picks = new int[count];
    if (count > 0) {
      int first = transactions.inTransaction(c -> CopyCodes.takePicks(c, load.bookId(), count));
      for (int i = 0; i < count; i++) {
        int window = i - i % WINDOW;
        int j = window + random.nextInt(i - window + 1);
        picks[i] = picks[j];
        picks[j] = first + i;
      }
    }
    return picks;
  }
}
