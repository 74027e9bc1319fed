package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts.Part;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of a part of a file; a compressed file is one part. */
public final class FileBlocks implements BlockReader {
  private final LineReader lines;
  private final RowReader rows;
  private final @Nullable GunzippedText compressed;
  private final long rangeEnd;
  private final int blockRows;
  private long position;
  private long linesRead;
  private long bytesRead;

  private FileBlocks(
      LineReader lines,
      RowReader rows,
      @Nullable GunzippedText compressed,
      Part part,
      int blockRows) {
    this.lines = lines;
    this.rows = rows;
    this.compressed = compressed;
    this.rangeEnd = part.to();
    this.blockRows = blockRows;
    this.position = part.position();
    this.linesRead = part.lines();
    this.bytesRead = part.bytes();
  }

  /**
   * Opens the part's range at its position.
   *
   * @param now an expiration that is not after it is in the past
   * @param blockRows rows of a block
   * @throws UnusableFileException if the object is gone, or is another one now
   */
  public static FileBlocks open(
      FileStore files, CodeLoad load, Part part, Instant now, int blockRows) throws IOException {
    var layout = FileLayout.ofJson(Objects.requireNonNull(load.layout()));
    boolean atLine = part.position() == layout.bodyStart();
    long from = atLine ? part.position() : part.position() - 1;
    var compressed = layout.gzip() ? gunzip(files, load, from) : null;
    var in = compressed == null ? open(files, load, from, part.to()) : compressed;
    var lines =
        atLine
            ? LineReader.atLine(in, part.position(), part.to())
            : LineReader.anywhere(in, part.position(), part.to());
    var rows = new RowReader(layout, load.options().expiration(), now);
    return new FileBlocks(lines, rows, compressed, part, blockRows);
  }

  private static InputStream open(FileStore files, CodeLoad load, long from, long to)
      throws IOException {
    var key = Objects.requireNonNull(load.objectKey());
    var etag = Objects.requireNonNull(load.objectEtag());
    return files.open(key, etag, from, Math.min(to + LineReader.overhang(), load.bytesTotal()));
  }

  // To go on with a compressed file means to unpack once more what was loaded before.
  private static GunzippedText gunzip(FileStore files, CodeLoad load, long from)
      throws IOException {
    var text = new GunzippedText(open(files, load, 0, load.bytesTotal()));
    text.skipNBytes(from);
    return text;
  }

  @Override
  public @Nullable Block next() throws IOException {
    if (position >= rangeEnd) {
      return null;
    }
    var block = new Block.Builder(position, linesRead, blockRows);
    boolean more = true;
    while (!block.isFull() && (more = lines.next())) {
      rows.read(lines, block);
    }
    // A range that ends inside a line is done at its end: what follows belongs to the next one.
    long to = more ? lines.position() : Math.max(lines.position(), rangeEnd);
    var built = block.build(to, bytesTo(to) - bytesRead);
    position = to;
    linesRead += built.lines();
    bytesRead += built.bytes();
    return built;
  }

  // Bytes that were read ahead count as well; after a restart, the count lags for a while.
  private long bytesTo(long to) {
    return compressed == null
        ? bytesRead + to - position
        : Math.max(bytesRead, compressed.bytesRead());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
