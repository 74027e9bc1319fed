package dev.couponbook.ingest.load;

import io.awspring.cloud.sqs.listener.Visibility;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a message invisible to others while its work goes on, for longer than the queue would by
 * itself. When the process dies, the heartbeat stops and the message comes back.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private static final Duration INVISIBLE = Duration.ofSeconds(60);
  // Two beats may be lost before the message becomes visible again.
  private static final Duration BEAT = INVISIBLE.dividedBy(3);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heartbeat").daemon().factory());

  private final LoadMeters meters;
  private final Duration beat;

  public Heartbeat(LoadMeters meters) {
    this(meters, BEAT);
  }

  /**
   * @param beat how often the message's invisibility is prolonged
   */
  Heartbeat(LoadMeters meters, Duration beat) {
    this.meters = meters;
    this.beat = beat;
  }

  /** A heartbeat that goes on until it is closed. */
  public interface Beating extends AutoCloseable {
    @Override
    void close();
  }

  /** Keeps the message invisible until the result is closed; closing it twice does no harm. */
  public Beating keepInvisible(Visibility visibility) {
    meters.beatBegins();
    var beats =
        clock.scheduleAtFixedRate(
            () -> extend(visibility), beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      if (beats.cancel(false)) {
        meters.beatEnds();
      }
    };
  }

  private void extend(Visibility visibility) {
    visibility
        .changeToAsync((int) INVISIBLE.toSeconds())
        .whenComplete((done, failure) -> {
          if (failure != null) {
            LOG.warn("a message could not be kept invisible: {}", failure.toString());
          } else {
            meters.beat();
          }
        });
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
