package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.store.CodeLoad;
import dev.couponbook.store.LoadParts.Part;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of a range of a file. */
public final class FileBlocks implements BlockReader {
  private final LineReader lines;
  private final RowReader rows;
  private final long rangeEnd;
  private long position;
  private long linesRead;

  private FileBlocks(LineReader lines, RowReader rows, Part part) {
    this.lines = lines;
    this.rows = rows;
    this.rangeEnd = part.to();
    this.position = part.position();
    this.linesRead = part.lines();
  }

  /**
   * Opens the part's range at its position.
   *
   * @param now by which an expiration is in the past
   */
  public static FileBlocks open(FileStore files, CodeLoad load, Part part, Instant now)
      throws IOException {
    var layout = FileLayout.ofJson(Objects.requireNonNull(load.layout()));
    var key = Objects.requireNonNull(load.objectKey());
    var etag = Objects.requireNonNull(load.objectEtag());
    long end = Math.min(part.to() + LineReader.overhang(), load.bytesTotal());
    long position = part.position();
    boolean atLine = position == layout.bodyStart();
    var in = files.open(key, etag, atLine ? position : position - 1, end);
    var lines =
        atLine
            ? LineReader.atLine(in, position, part.to())
            : LineReader.anywhere(in, position, part.to());
    return new FileBlocks(lines, new RowReader(layout, load.defaultExpiration(), now), part);
  }

  @Override
  public @Nullable Block next() throws IOException {
    if (position >= rangeEnd) {
      return null;
    }
    var block = new Block.Builder(position, linesRead);
    boolean more = true;
    while (!block.isFull() && (more = lines.next())) {
      rows.read(lines, block);
    }
    // A range that ends inside a line is done at its end: what follows belongs to the next one.
    var built = block.build(more ? lines.position() : Math.max(lines.position(), rangeEnd));
    position = built.to();
    linesRead += built.lines();
    return built;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
