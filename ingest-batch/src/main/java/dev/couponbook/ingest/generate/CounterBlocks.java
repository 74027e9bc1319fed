package dev.couponbook.ingest.generate;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.pattern.CodeGenerator;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The codes of a part of a generation, made from its range of counters. */
public final class CounterBlocks implements BlockReader {
  private final CodeGenerator generator;
  private final long expiresMicros;
  private final long end;
  private final int blockRows;
  private long counter;

  private CounterBlocks(
      CodeGenerator generator, @Nullable Instant expiration, Part part, int blockRows) {
    this.generator = generator;
    this.expiresMicros = NewCode.micros(expiration);
    this.counter = part.position();
    this.end = part.to();
    this.blockRows = blockRows;
  }

  /**
   * Opens the part's range at its position.
   *
   * @param blockRows codes of a block
   */
  public static CounterBlocks open(CodeLoad load, Part part, int blockRows) {
    var generation = Generation.of(load);
    return new CounterBlocks(
        generation.generator(), generation.generated().expiration(), part, blockRows);
  }

  @Override
  public @Nullable Block next() {
    return next(blockRows);
  }

  /** The codes of this many counters, or of those that are left; null if none are. */
  @Nullable Block next(int codes) {
    if (counter >= end) {
      return null;
    }
    var block = new Block.Builder(counter, 0, codes);
    long last = Math.min(counter + codes, end);
    for (; counter < last; counter++) {
      var code = new byte[generator.codeLength()];
      generator.write(counter, code, 0);
      block.addCode(new NewCode(code, expiresMicros, counter));
    }
    return block.build(counter, 0);
  }

  /** Goes on at this counter. */
  void goTo(long counter) {
    this.counter = counter;
  }

  @Override
  public void close() {}
}
