package dev.couponbook.ingest.generate;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Codes in place of those that were taken, made from the counters after the amount, until the
 * amount is reached or no counter is left. It is the last part of a generation, because it needs to
 * know what the others could not add. The codes are looked up before they are added: if the key
 * space is nearly full, most of them are taken too.
 */
public final class TopUpBlocks implements BlockReader {
  // Looking up this many codes takes some ten milliseconds.
  private static final int LOOKED_UP = 20_000;

  private final Transactions transactions;
  private final CodeLoad load;
  private final CounterBlocks candidates;

  public TopUpBlocks(Transactions transactions, CodeLoad load, Part part) {
    this.transactions = transactions;
    this.load = load;
    this.candidates = CounterBlocks.open(load, part, LOOKED_UP);
  }

  @Override
  public @Nullable Block next() {
    long missing = missing();
    if (missing <= 0) {
      return null;
    }
    var block = candidates.next((int) Math.min(Math.max(2 * missing, 1_000), LOOKED_UP));
    return block == null ? null : firstNew(block, missing);
  }

  private long missing() {
    long accepted = transactions.inTransaction(c -> LoadParts.totals(c, load.id())).accepted();
    return Objects.requireNonNull(load.rowsExpected()) - accepted;
  }

  private Block firstNew(Block block, long missing) {
    var texts = block.codes().stream().map(NewCode::text).toList();
    var taken = new HashSet<String>();
    for (Duplicate duplicate :
        transactions.inTransaction(c -> CopyCodes.duplicates(c, load.partner(), texts))) {
      taken.add(duplicate.code());
    }
    List<NewCode> fresh = new ArrayList<>();
    for (var code : block.codes()) {
      if (!taken.contains(code.text())) {
        fresh.add(code);
        if (fresh.size() == missing) {
          candidates.goTo(code.offset() + 1); // the rest may still be needed
          return new Block(block.from(), code.offset() + 1, 0, 0, fresh, List.of(), List.of());
        }
      }
    }
    return new Block(block.from(), block.to(), 0, 0, fresh, List.of(), List.of());
  }

  @Override
  public void close() {}
}
