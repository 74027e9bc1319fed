package dev.couponbook.ingest.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one part, a block at a time, from the part's position on. */
public interface BlockReader extends AutoCloseable {
  /** The next block; null when the part is at its end. */
  @Nullable Block next() throws IOException;

  @Override
  void close() throws IOException;
}
