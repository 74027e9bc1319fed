package dev.couponbook.ingest.part;

import dev.couponbook.ingest.generate.CounterBlocks;
import dev.couponbook.ingest.generate.Generation;
import dev.couponbook.ingest.generate.TopUpBlocks;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.ingest.upload.FileBlocks;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamException;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * The part's blocks as the items of a step. Before each block the load is asked whether it still
 * wants it, so a cancelled load stops between two chunks.
 */
final class PartBlocks implements ItemStreamReader<Block> {
  private final FileStore files;
  private final Transactions transactions;
  private final CodeLoad load;
  private final int part;
  private final int blockRows;
  private @Nullable BlockReader blocks;

  PartBlocks(FileStore files, Transactions transactions, CodeLoad load, int part, int blockRows) {
    this.files = files;
    this.transactions = transactions;
    this.load = load;
    this.part = part;
    this.blockRows = blockRows;
  }

  /**
   * The next block; null if the part is at its end, or its load wants no more.
   *
   * @throws LoadHeldException if an operator stopped the load
   */
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
        blocks = openAtPosition(pulse.now());
      }
      return blocks.next();
    } catch (UnusableFileException e) {
      transactions.run(c -> {
        CodeLoads.doom(c, load.id(), e.reason());
      });
      return null;
    }
  }

  private BlockReader openAtPosition(Instant now) throws IOException {
    var current = transactions.inTransaction(c -> LoadParts.one(c, load.id(), part));
    return switch (load.kind()) {
      case IMPORT -> FileBlocks.open(files, load, current, now, blockRows);
      case GENERATE ->
          part == Generation.TOP_UP
              ? new TopUpBlocks(transactions, load, current)
              : CounterBlocks.open(load, current, blockRows);
      case REQUEST -> throw new IllegalStateException("load %d has no parts".formatted(load.id()));
    };
  }

  @Override
  public void close() throws ItemStreamException {
    if (blocks != null) {
      try {
        blocks.close();
      } catch (IOException e) {
        throw new ItemStreamException(
            "part %d of load %d did not close".formatted(part, load.id()), e);
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
