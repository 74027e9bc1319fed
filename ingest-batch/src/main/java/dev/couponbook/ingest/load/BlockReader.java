package dev.couponbook.ingest.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one part, block by block, from the part's position on. */
public interface BlockReader extends AutoCloseable {
  /** The next block; null at the end of the part. */
  @Nullable Block next() throws IOException;

  @Override
  void close() throws IOException;
}
