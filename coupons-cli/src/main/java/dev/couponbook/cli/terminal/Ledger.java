package dev.couponbook.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A list of steps, each timed, counted and judged; printed as they happen and as a table. */
public final class Ledger {
  /** Rates of smaller counts mean nothing. */
  private static final int LEAST_FOR_A_RATE = 100;

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(
      String what, long count, boolean paced, double seconds, boolean held, String remark) {
    String rate() {
      return held && paced && count >= LEAST_FOR_A_RATE
          ? String.format(Locale.ROOT, "%,d/s", Math.round(count / Math.max(seconds, 0.001)))
          : "";
    }

    public Map<String, Object> json() {
      return Map.of("step", what, "count", count, "seconds", seconds, "ok", held, "remark", remark);
    }
  }

  /**
   * The result of a step.
   *
   * @param paced whether the count divided by the step's time is a meaningful rate
   */
  public record Result(long count, boolean paced, String remark) {
    public static Result of(long count, String remark) {
      return new Result(count, true, remark);
    }

    public static Result total(long count, String remark) {
      return new Result(count, false, remark);
    }
  }

  /** A step; it throws if what it should show is not so. */
  @FunctionalInterface
  public interface Step {
    Result run() throws Exception;
  }

  /** Runs a step; if it fails, that is recorded, and the next steps still run. */
  public void step(String what, Step step) {
    long began = System.nanoTime();
    Result result;
    boolean held = true;
    try {
      result = step.run();
    } catch (Exception e) {
      held = false;
      result = Result.of(0, String.valueOf(e.getMessage() == null ? e : e.getMessage()));
    }
    var entry =
        new Entry(
            what,
            result.count(),
            result.paced(),
            (System.nanoTime() - began) / 1e9,
            held,
            result.remark());
    entries.add(entry);
    System.err.println((held ? "  ok      " : "  FAILED  ") + what + ": " + result.remark());
  }

  public static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  public boolean allHeld() {
    return entries.stream().allMatch(Entry::held);
  }

  public void print() {
    System.out.printf(
        "%n%-6s  %-52s %12s %9s %12s  %s%n", "", "what", "count", "seconds", "rate", "");
    for (var e : entries) {
      System.out.printf(
          Locale.ROOT,
          "%-6s  %-52s %,12d %9.2f %12s  %s%n",
          e.held() ? "ok" : "FAILED",
          e.what(),
          e.count(),
          e.seconds(),
          e.rate(),
          e.remark());
    }
  }

  public List<Map<String, Object>> json() {
    return entries.stream().map(Entry::json).toList();
  }
}
