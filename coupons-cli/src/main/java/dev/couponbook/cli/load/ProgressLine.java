package dev.couponbook.cli.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress on stderr: a bar on a terminal, otherwise a plain line every ten seconds. */
public final class ProgressLine implements AutoCloseable {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

  /** A bar counts whole numbers; it shows tenths of a percent. */
  private static final int STEPS = 1000;

  private final String title;
  private final Instant began = Instant.now();
  private final @Nullable ProgressBar bar;
  private Instant nextPlain = began.plus(PLAIN_EVERY);
  private volatile @Nullable Instant end; // read by the thread that draws the bar

  public ProgressLine(String title) {
    this.title = title;
    var console = System.console();
    this.bar = console != null && console.isTerminal() ? bar(title) : null;
  }

  private ProgressBar bar(String title) {
    return new ProgressBarBuilder()
        .setTaskName(title)
        .setInitialMax(STEPS)
        .setStyle(ProgressBarStyle.ASCII)
        .setEtaFunction(_ -> Optional.ofNullable(end).map(ProgressLine::left))
        .continuousUpdate()
        .build();
  }

  private static Duration left(Instant end) {
    var left = Duration.between(Instant.now(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * @param percent from 0 to 100, in step with time
   */
  void at(double percent, String detail) {
    var elapsed = Duration.between(began, Instant.now());
    end = percent > 0 ? began.plusMillis((long) (elapsed.toMillis() * 100 / percent)) : null;
    show(percent, detail, detail);
  }

  /**
   * How far a load is, and when it ends by its own estimate.
   *
   * @param rateNow printed behind its average rate; may be empty
   */
  public void at(LoadReport load, String rateNow) {
    end = load.progress().estimatedEnd();
    show(load.progress().percent(), load.brief(rateNow), load.line(rateNow));
  }

  private void show(double percent, String besideBar, String line) {
    if (bar != null) {
      bar.stepTo(Math.round(percent * STEPS / 100));
      bar.setExtraMessage(" " + besideBar);
    } else if (Instant.now().isAfter(nextPlain)) {
      System.err.printf("  %s %.1f %%, %s%n", title, percent, line);
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
