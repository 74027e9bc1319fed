package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.FileWarnings;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.NewPart;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads a file's first line and cuts the rest into parts. */
public final class FilePlan {
  // At the end, one worker may be busy with the last part alone: for this small a share of the
  // load.
  private static final int PARTS = 32;
  // In bytes. A killed process gives a part back when its message becomes visible again; smaller
  // parts spread better.
  private static final long LARGEST_PART = 16 * 1024 * 1024;
  // The share of a block's rows to plan for. If the rows of a part are a little shorter than the
  // first ones of the file, the last few of them still need no second block.
  private static final double FULL = 0.98;
  // Each part is a message and some rows of Spring Batch: larger files have larger parts.
  private static final int MOST_PARTS = 256;

  private final FileStore files;
  private final Transactions transactions;
  private final LoadMeters meters;
  private final int blockRows;

  /**
   * @param blockRows rows of a block
   */
  public FilePlan(FileStore files, Transactions transactions, LoadMeters meters, int blockRows) {
    this.files = files;
    this.transactions = transactions;
    this.meters = meters;
    this.blockRows = blockRows;
  }

  /**
   * Marks the load as running, stores the file's layout and creates the load's parts; made again,
   * it changes nothing. A file that cannot be used dooms its load, and so does a book that is
   * closed.
   *
   * @throws IOException if the bucket cannot be read
   */
  public void make(CodeLoad load) throws IOException {
    boolean closed =
        transactions.inTransaction(c -> {
          CodeLoads.begin(c, load.id());
          return CodeLoads.doomIfBookClosed(c, load.id());
        });
    if (closed) {
      return;
    }
    try {
      // Before the first code exists that somebody could be given: nothing has to be taken back.
      DeclaredChecksum.check(files, load);
      var now = transactions.inTransaction(c -> CodeLoads.pulse(c, load.id())).now();
      refusePastEnd(load, now);
      var head = head(load);
      var layout = FindLayout.of(head.gzip, head.text, load.options().layout());
      FirstRows.refuseIfAllRejected(head.text, layout, load.options().expiration(), now);
      var planned = parts(layout, head.text.bytesPerLine(), load.bytesTotal(), blockRows);
      var parts =
          new CutParts(layout, load.bytesTotal(), (from, to) -> open(load, from, to))
              .atRows(planned);
      var warnings = FirstRows.warnings(head.text, layout, load.options().layout());
      transactions.run(c -> {
        CodeLoads.setLayout(c, load.id(), layout.toJson());
        if (LoadParts.create(c, load.id(), parts)) {
          FileWarnings.add(c, load.id(), parts.getFirst().part(), warnings);
        }
      });
      meters.planned(load.bytesTotal());
    } catch (UnusableFileException e) {
      transactions.run(c -> {
        CodeLoads.doom(c, load.id(), e.reason());
      });
    }
  }

  private static void refusePastEnd(CodeLoad load, Instant now) throws UnusableFileException {
    var end = load.options().expiration();
    if (end != null && !end.isAfter(now)) {
      throw new UnusableFileException(
          "The upload's expiration, %s, passed before its file was read".formatted(end));
    }
  }

  private record Head(boolean gzip, FileHead text) {}

  private Head head(CodeLoad load) throws IOException {
    long most = Math.min(load.bytesTotal(), FileHead.LENGTH);
    try (var in = open(load, 0, most)) {
      var bytes = in.readNBytes(FileHead.LENGTH);
      if (!FileHead.isGzip(bytes)) {
        return new Head(false, FileHead.of(bytes));
      }
    }
    try (var text = new GunzippedText(open(load, 0, load.bytesTotal()))) {
      return new Head(true, FileHead.of(text.readNBytes(FileHead.LENGTH)));
    }
  }

  private InputStream open(CodeLoad load, long from, long to) throws UnusableFileException {
    return files.open(
        Objects.requireNonNull(load.objectKey()),
        Objects.requireNonNull(load.objectEtag()),
        from,
        to);
  }

  static List<NewPart> parts(FileLayout layout, double bytesPerLine, long length, int blockRows) {
    // It can be read from its beginning only, and tells its length at its end.
    if (layout.gzip()) {
      return List.of(
          new NewPart(0, layout.bodyStart(), GunzippedText.MAX_LENGTH, layout.headerLines()));
    }
    long size = size(length - layout.bodyStart(), bytesPerLine * blockRows);
    var parts = new ArrayList<NewPart>();
    for (long from = layout.bodyStart(); from < length; from += size) {
      int linesBefore = parts.isEmpty() ? layout.headerLines() : 0;
      parts.add(new NewPart(parts.size(), from, Math.min(from + size, length), linesBefore));
    }
    return parts;
  }

  // Whole blocks: the remainder of a part is a block as well, and costs as much as a full one.
  private static long size(long body, double bytesPerBlock) {
    long block = Math.min((long) (bytesPerBlock * FULL), LARGEST_PART);
    long most = LARGEST_PART / block;
    long size = block * Math.clamp(body / PARTS / block, 1, most);
    return Math.max(size, body / MOST_PARTS + 1);
  }
}
