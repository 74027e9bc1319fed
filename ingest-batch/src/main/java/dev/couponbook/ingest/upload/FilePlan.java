package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Range;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads a file's first line and cuts the rest into byte ranges. */
public final class FilePlan {
  // At the end one worker may be busy with a last part alone, for so small a share of the load.
  private static final int RANGES = 32;
  // A killed process gives a part back within its visibility; smaller parts spread better.
  private static final long LARGEST_RANGE = 16 * 1024 * 1024;
  // Of a chunk's rows, so that a range whose rows are a little shorter than the first ones has no
  // second chunk for the last few of them.
  private static final double FULL = 0.98;
  // Each is a message and some rows of Spring Batch: larger files have larger ranges.
  private static final int MOST_RANGES = 256;
  // The longest first line, a byte order mark and a line end.
  private static final int HEAD = LineReader.MAX_LINE + 16;

  private final FileStore files;
  private final Transactions transactions;
  private final LoadMeters meters;

  public FilePlan(FileStore files, Transactions transactions, LoadMeters meters) {
    this.files = files;
    this.transactions = transactions;
    this.meters = meters;
  }

  public void make(CodeLoad load) throws IOException {
    transactions.inTransaction(c -> {
      CodeLoads.begin(c, load.id());
      return true;
    });
    try {
      // Before the first code is there for somebody to be given: nothing has to be taken back.
      DeclaredChecksum.check(files, load);
      var beginning = beginning(load);
      transactions.inTransaction(c -> {
        CodeLoads.setLayout(c, load.id(), beginning.layout().toJson());
        LoadParts.create(c, load.id(), ranges(beginning, load.bytesTotal()));
        return true;
      });
      meters.planned(load.bytesTotal());
    } catch (UnusableFileException e) {
      transactions.inTransaction(c -> {
        CodeLoads.doom(c, load.id(), e.reason());
        return true;
      });
    }
  }

  /**
   * What the first bytes of a file tell.
   *
   * @param bytesPerLine of the lines that are whole in them, on average
   */
  record Beginning(FileLayout layout, double bytesPerLine) {
    static Beginning of(boolean gzip, byte[] head) throws UnusableFileException {
      var layout = FileLayout.of(gzip, head);
      int lines = 0;
      int end = 0;
      for (int i = 0; i < head.length; i++) {
        if (head[i] == '\n') {
          lines++;
          end = i + 1;
        }
      }
      return new Beginning(layout, lines == 0 ? head.length : (double) end / lines);
    }
  }

  private Beginning beginning(CodeLoad load) throws IOException {
    try (var in = open(load)) {
      var head = in.readNBytes(HEAD);
      if (!FileLayout.isGzip(head)) {
        return Beginning.of(false, head);
      }
    }
    try (var text = new GunzippedText(open(load))) {
      return Beginning.of(true, text.readNBytes(HEAD));
    }
  }

  private InputStream open(CodeLoad load) throws UnusableFileException {
    return files.open(
        Objects.requireNonNull(load.objectKey()),
        Objects.requireNonNull(load.objectEtag()),
        0,
        load.bytesTotal());
  }

  static List<Range> ranges(Beginning beginning, long length) {
    var layout = beginning.layout();
    if (layout.gzip()) { // can be read from its beginning only, and tells its length at its end
      return List.of(
          new Range(0, layout.bodyStart(), GunzippedText.MAX_LENGTH, layout.headerLines()));
    }
    long size = size(length - layout.bodyStart(), beginning.bytesPerLine());
    var ranges = new ArrayList<Range>();
    for (long from = layout.bodyStart(); from < length; from += size) {
      int linesBefore = ranges.isEmpty() ? layout.headerLines() : 0;
      ranges.add(new Range(ranges.size(), from, Math.min(from + size, length), linesBefore));
    }
    return ranges;
  }

  // Whole chunks: what is left of a range is a chunk as well, and costs as much as a full one.
  private static long size(long body, double bytesPerLine) {
    long chunk = Math.min((long) (bytesPerLine * Block.ROWS * FULL), LARGEST_RANGE);
    long most = LARGEST_RANGE / chunk;
    long size = chunk * Math.clamp(body / RANGES / chunk, 1, most);
    return Math.max(size, body / MOST_RANGES + 1);
  }
}
