package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.CodeLoad;
import dev.couponbook.store.CodeLoads;
import dev.couponbook.store.LoadParts;
import dev.couponbook.store.LoadParts.Range;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads a file's first line and cuts the rest into byte ranges. */
public final class FilePlan {
  // Opening a part costs some ten milliseconds, a chunk of codes has about 1.3 MB: less would be
  // felt.
  private static final long SMALLEST_RANGE = 1024 * 1024;
  // A killed process gives a part back within its visibility; smaller parts spread better.
  private static final long LARGEST_RANGE = 16 * 1024 * 1024;
  // Two cores are kept busy to the end by four ranges.
  private static final int FEWEST_RANGES = 4;
  // Each is a message and some rows of Spring Batch: larger files have larger ranges.
  private static final int MOST_RANGES = 256;
  // The longest first line, a byte order mark and a line end.
  private static final int HEAD = LineReader.MAX_LINE + 16;

  private final FileStore files;
  private final Transactions transactions;

  public FilePlan(FileStore files, Transactions transactions) {
    this.files = files;
    this.transactions = transactions;
  }

  public void make(CodeLoad load) throws IOException {
    transactions.inTransaction(c -> {
      CodeLoads.begin(c, load.id());
      return true;
    });
    try {
      // Before the first code is there for somebody to be given: nothing has to be taken back.
      DeclaredChecksum.check(files, load);
      var layout = layout(load);
      transactions.inTransaction(c -> {
        CodeLoads.setLayout(c, load.id(), layout.toJson());
        LoadParts.create(c, load.id(), ranges(layout, load.bytesTotal()));
        return true;
      });
    } catch (UnusableFileException e) {
      transactions.inTransaction(c -> {
        CodeLoads.doom(c, load.id(), e.reason());
        return true;
      });
    }
  }

  private FileLayout layout(CodeLoad load) throws IOException {
    try (var in = open(load)) {
      var head = in.readNBytes(HEAD);
      if (!FileLayout.isGzip(head)) {
        return FileLayout.of(false, head);
      }
    }
    try (var text = new GunzippedText(open(load))) {
      return FileLayout.of(true, text.readNBytes(HEAD));
    }
  }

  private InputStream open(CodeLoad load) throws UnusableFileException {
    return files.open(
        Objects.requireNonNull(load.objectKey()),
        Objects.requireNonNull(load.objectEtag()),
        0,
        load.bytesTotal());
  }

  static List<Range> ranges(FileLayout layout, long length) {
    if (layout.gzip()) { // can be read from its beginning only, and tells its length at its end
      return List.of(
          new Range(0, layout.bodyStart(), GunzippedText.MAX_LENGTH, layout.headerLines()));
    }
    long body = length - layout.bodyStart();
    long size = Math.clamp(body / FEWEST_RANGES + 1, SMALLEST_RANGE, LARGEST_RANGE);
    size = Math.max(size, body / MOST_RANGES + 1);
    var ranges = new ArrayList<Range>();
    for (long from = layout.bodyStart(); from < length; from += size) {
      int linesBefore = ranges.isEmpty() ? layout.headerLines() : 0;
      ranges.add(new Range(ranges.size(), from, Math.min(from + size, length), linesBefore));
    }
    return ranges;
  }
}
