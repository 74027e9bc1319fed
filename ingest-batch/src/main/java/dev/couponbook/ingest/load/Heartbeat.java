package dev.couponbook.ingest.load;

import io.awspring.cloud.sqs.listener.Visibility;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a message out of others' sight while its work goes on, for longer than the queue would by
 * itself. When the process dies the beat stops, and the message comes back.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  private static final Duration INVISIBLE = Duration.ofSeconds(60);
  // Two beats may be lost before the message is seen again.
  private static final Duration BEAT = Duration.ofSeconds(20);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heartbeat").daemon().factory());

  private final LoadMeters meters;

  public Heartbeat(LoadMeters meters) {
    this.meters = meters;
  }

  /** A beat that goes on until closed. */
  public interface Beating extends AutoCloseable {
    @Override
    void close();
  }

  public Beating keepInvisible(Visibility visibility) {
    meters.beatBegins();
    var beat =
        clock.scheduleAtFixedRate(
            () -> extend(visibility), BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      if (beat.cancel(false)) {
        meters.beatEnds();
      }
    };
  }

  private void extend(Visibility visibility) {
    visibility
        .changeToAsync((int) INVISIBLE.toSeconds())
        .whenComplete((done, failure) -> {
          if (failure != null) {
            log.warn("a message could not be kept invisible: {}", failure.toString());
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
