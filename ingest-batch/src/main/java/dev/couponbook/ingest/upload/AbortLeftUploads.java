package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.load.FileStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Clears away the parts of files that nobody completed. */
public final class AbortLeftUploads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AbortLeftUploads.class);

  // The addresses of the parts are good for half of it.
  private static final Duration LEFT_AFTER = Duration.ofDays(1);
  private static final Duration ROUND = Duration.ofHours(1);

  private final FileStore files;
  private final InstantSource clock;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("left-uploads").daemon().factory());

  public AbortLeftUploads(FileStore files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
    rounds.scheduleWithFixedDelay(
        this::round, ROUND.toMinutes(), ROUND.toMinutes(), TimeUnit.MINUTES);
  }

  /**
   * Looks once.
   *
   * @return how many uploads were given up
   */
  public int runOnce() {
    return files.abortUploads("uploads/", clock.instant().minus(LEFT_AFTER));
  }

  private void round() {
    try {
      int aborted = runOnce();
      if (aborted > 0) {
        log.info("gave up {} uploads of which parts were left for a day", aborted);
      }
    } catch (SdkException e) {
      log.warn("left uploads could not be looked for: {}", e.toString());
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
