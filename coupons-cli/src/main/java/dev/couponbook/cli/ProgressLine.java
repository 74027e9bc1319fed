package dev.couponbook.cli;

import java.time.Duration;
import java.time.Instant;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress on stderr: a bar on a terminal, otherwise a plain line every ten seconds. */
final class ProgressLine implements AutoCloseable {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

  /** A bar counts whole numbers; tenths of a percent are fine enough. */
  private static final int STEPS = 1000;

  private final String title;
  private final @Nullable ProgressBar bar;
  private Instant nextPlain = Instant.now().plus(PLAIN_EVERY);

  ProgressLine(String title) {
    this.title = title;
    var console = System.console();
    this.bar = console != null && console.isTerminal() ? bar(title) : null;
  }

  private static ProgressBar bar(String title) {
    return new ProgressBarBuilder()
        .setTaskName(title)
        .setInitialMax(STEPS)
        .setStyle(ProgressBarStyle.ASCII)
        .hideEta()
        .continuousUpdate()
        .build();
  }

  /**
   * @param percent from 0 to 100
   */
  void at(double percent, String detail) {
    if (bar != null) {
      bar.stepTo(Math.round(percent * STEPS / 100));
      bar.setExtraMessage(" " + detail);
    } else if (Instant.now().isAfter(nextPlain)) {
      System.err.printf("  %s %.1f %%, %s%n", title, percent, detail);
      nextPlain = nextPlain.plus(PLAIN_EVERY);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
