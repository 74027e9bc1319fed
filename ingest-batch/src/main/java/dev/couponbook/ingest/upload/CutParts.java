package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileLayout;
import dev.couponbook.store.load.LoadParts.NewPart;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves the ends of parts to where rows begin: what lies behind an open quote looks like rows, and
 * the process that reads a part does not see what stands before it.
 */
final class CutParts {
  private final RowStarts starts;
  private final long length;
  private final Source source;

  /** Opens the bytes of the file from one place to before another. */
  @FunctionalInterface
  interface Source {
    InputStream open(long from, long to) throws IOException;
  }

  /**
   * @param length of the file, in bytes
   */
  CutParts(FileLayout layout, long length, Source source) {
    this.starts = new RowStarts(Quotes.of(layout), layout.bodyStart());
    this.length = length;
    this.source = source;
  }

  /** The parts with their ends at rows; where no row begins, two parts become one. */
  List<NewPart> atRows(List<NewPart> parts) throws IOException {
    var moved = new ArrayList<NewPart>();
    for (var part : parts) {
      if (moved.isEmpty()) {
        moved.add(part);
        continue;
      }
      var before = moved.removeLast();
      long start = part.from() <= before.from() ? -1 : rowStart(part.from());
      if (start < 0 || start >= part.to()) {
        moved.add(before.endingAt(part.to()));
      } else {
        moved.add(before.endingAt(start));
        moved.add(new NewPart(moved.size(), start, part.to(), 0));
      }
    }
    return moved;
  }

  private long rowStart(long place) throws IOException {
    // Nearly always the next line will do.
    long near = rowStart(place, LineReader.overhang());
    return near < 0 ? rowStart(place, RowStarts.LOOK_AHEAD) : near;
  }

  private long rowStart(long place, long ahead) throws IOException {
    long from = starts.lookFrom(place);
    long to = Math.min(place + ahead, length);
    boolean first = starts.isFirst(from);
    try (var in = source.open(first ? from : from - 1, to);
        var lines = first ? LineReader.atLine(in, from, to) : LineReader.anywhere(in, from, to)) {
      return starts.next(lines, place);
    }
  }
}
