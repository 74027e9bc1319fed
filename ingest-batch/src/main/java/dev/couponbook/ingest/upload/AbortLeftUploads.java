package dev.couponbook.ingest.upload;

import dev.couponbook.command.UploadMetadata;
import dev.couponbook.ingest.load.FileStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Aborts multipart uploads that nobody completed: their parts would stay in the bucket for ever.
 */
public final class AbortLeftUploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AbortLeftUploads.class);

  // Twice as long as the signed URLs of the parts are valid.
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
   * @return how many uploads were aborted
   */
  public int runOnce() {
    return files.abortUploads(UploadMetadata.FOLDER, clock.instant().minus(LEFT_AFTER));
  }

  private void round() {
    try {
      int aborted = runOnce();
      if (aborted > 0) {
        LOG.info("aborted {} multipart uploads that were not completed within a day", aborted);
      }
    } catch (SdkException e) {
      LOG.warn("could not look for multipart uploads that were left behind: {}", e.toString());
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
