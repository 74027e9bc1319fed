package dev.couponbook.ingest.upload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where a row begins near a place in the middle of a file. A line that lies inside an open
 * quote begins none, and whether it does can only be told from what stands before it. So some of
 * that is read, and every state is followed in which it may begin; where only one is left, the
 * answer is sure.
 */
final class RowStarts {
  // Without quotes, this much is enough to be sure: an open one would have been given up.
  static final int LOOK_BACK = Quotes.MAX_BYTES + 1024;
  // Rows that can be read in two ways for so long begin nowhere: the part before goes on.
  static final int LOOK_AHEAD = 1024 * 1024;
  private static final int MOST_STATES = 64;

  private final Quotes quotes;
  private final long bodyStart;

  /**
   * @param bodyStart where the first row begins
   */
  RowStarts(Quotes quotes, long bodyStart) {
    this.quotes = quotes;
    this.bodyStart = bodyStart;
  }

  /** From where on lines must be read to find a row that begins at this place or after it. */
  long lookFrom(long place) {
    return Math.max(bodyStart, place - LOOK_BACK);
  }

  /** Whether a row is known to begin there. */
  boolean isFirst(long place) {
    return place == bodyStart;
  }

  /**
   * The first row that begins at the place or after it.
   *
   * @param lines from {@link #lookFrom(long)} on
   * @return where it begins; -1 if that cannot be told, or if no more rows begin
   */
  long next(LineReader lines, long place) throws IOException {
    long from = lookFrom(place);
    var states = new ArrayList<State>(List.of(State.ROW));
    if (from > bodyStart) {
      states.add(new State(from, 0, false));
    }
    while (lines.next()) {
      long offset = lines.offset();
      if (offset >= place && states.size() == 1 && states.getFirst().isRow()) {
        return offset;
      }
      if (offset - place > LOOK_AHEAD || states.size() > MOST_STATES) {
        return -1;
      }
      states = after(lines, states);
    }
    return -1;
  }

  private ArrayList<State> after(LineReader line, List<State> before) {
    var after = new ArrayList<State>();
    for (var state : before) {
      add(after, after(line, state));
      if (state.isUnknown()) {
        // It may have been given up here, or at any line before.
        add(after, after(line, State.ROW));
      }
    }
    return after;
  }

  private static void add(List<State> states, State state) {
    if (!states.contains(state)) {
      states.add(state);
    }
  }

  private State after(LineReader line, State before) {
    if (line.isTooLong()) {
      return State.ROW; // longer than any open quote is followed
    }
    boolean given =
        before.lines == Quotes.MAX_LINES || line.position() - before.row > Quotes.MAX_BYTES;
    var state = before.isRow() || given ? State.ROW : before;
    if (!quotes.openAfter(line.bytes(), line.from(), line.to(), !state.isRow())) {
      return State.ROW;
    }
    return state.isRow()
        ? new State(line.offset(), 1, true)
        : new State(state.row, state.lines + 1, state.known);
  }

  /**
   * Where reading may stand at the beginning of a line.
   *
   * @param row where the row began whose quote is open; -1 if none is
   * @param lines that the row has so far
   * @param known whether the row began there, or possibly before
   */
  private record State(long row, int lines, boolean known) {
    static final State ROW = new State(-1, 0, true);

    boolean isRow() {
      return row < 0;
    }

    boolean isUnknown() {
      return !known;
    }
  }
}
