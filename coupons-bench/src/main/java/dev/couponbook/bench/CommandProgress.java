package dev.couponbook.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** When each thousand of a run's commands was done. */
final class CommandProgress {
  private static final int STEP = 1_000;

  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLongArray marks;

  CommandProgress(int commands) {
    marks = new AtomicLongArray(commands / STEP + 1);
    marks.set(0, System.nanoTime());
  }

  void add(int commands) {
    int before = done.getAndAdd(commands);
    long now = System.nanoTime();
    for (int mark = before / STEP + 1; mark <= (before + commands) / STEP; mark++) {
      marks.set(mark, now);
    }
  }

  /** Commands per second between two of them, both multiples of a thousand. */
  double perSecond(int from, int to) {
    return (to - from) * 1e9 / (marks.get(to / STEP) - marks.get(from / STEP));
  }
}
