package dev.couponbook.ingest.part;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.PickNumbers;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.NewCode;
import java.util.ArrayList;
import java.util.Collections;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * Sorts a block by code and gives each code a random pick number. Sorted rows go into the primary
 * key side by side. Pick numbers are random only within the block, so that a chunk does not write
 * all over the index of free codes.
 */
final class SortBlock implements ItemProcessor<Block, SortedBlock> {
  private final CodeLoad load;
  private final PickNumbers picks;

  SortBlock(Transactions transactions, CodeLoad load) {
    this.load = load;
    this.picks = new PickNumbers(transactions, load.bookId());
  }

  @Override
  public SortedBlock process(Block block) {
    var sorted = new ArrayList<>(block.codes());
    // A stable sort: of equal codes, the first in the file comes first.
    Collections.sort(sorted);
    var codes = new ArrayList<NewCode>(sorted.size());
    var duplicates = new ArrayList<NewCode>();
    for (var code : sorted) {
      boolean again = !codes.isEmpty() && codes.getLast().hasSameCode(code);
      (again ? duplicates : codes).add(code);
    }
    return new SortedBlock(
        block.from(),
        block.to(),
        block.lines(),
        block.bytes(),
        codes,
        load.options().isStaged() ? new int[0] : picks.take(codes.size()),
        duplicates,
        block.rejects(),
        block.warnings());
  }
}
