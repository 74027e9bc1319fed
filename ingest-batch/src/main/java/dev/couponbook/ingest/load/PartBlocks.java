package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamException;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The part's blocks as items of a step. Before each of them the load is asked whether it still
 * wants them: a cancelled one stops here, at the edge of a chunk.
 */
final class PartBlocks implements ItemStreamReader<Block> {
  private final Transactions transactions;
  private final CodeLoad load;
  private final PartSteps.Opener opener;
  private @Nullable BlockReader blocks;

  PartBlocks(Transactions transactions, CodeLoad load, PartSteps.Opener opener) {
    this.transactions = transactions;
    this.load = load;
    this.opener = opener;
  }

  @Override
  public @Nullable Block read() throws IOException {
    var pulse = transactions.inTransaction(c -> CodeLoads.pulse(c, load.id()));
    if (pulse.held()) {
      throw new LoadHeldException(load.id());
    }
    if (pulse.mustStop()) {
      return null;
    }
    try {
      if (blocks == null) {
        blocks = opener.open(pulse);
      }
      return blocks.next();
    } catch (UnusableFileException e) {
      transactions.inTransaction(c -> {
        CodeLoads.doom(c, load.id(), e.reason());
        return true;
      });
      return null;
    }
  }

  @Override
  public void close() throws ItemStreamException {
    if (blocks != null) {
      try {
        blocks.close();
      } catch (IOException e) {
        throw new ItemStreamException("part of load " + load.id() + " did not close", e);
      }
      blocks = null;
    }
  }

  @Override
  public void open(ExecutionContext context) {}

  @Override
  public void update(ExecutionContext context) {
    // The position is a column of the part, and commits with the rows.
  }
}
