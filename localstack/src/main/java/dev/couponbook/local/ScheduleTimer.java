package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stand-in for EventBridge: sends each schedule's event to its queue, at the full minutes
 * (hours, days) of its rate. A tick that fails is not sent later: the next one will do.
 */
final class ScheduleTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleTimer.class);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("schedule-timer").daemon().factory());
  private final SqsClient queues;
  private final String region;

  ScheduleTimer(SqsClient queues, String region) {
    this.queues = queues;
    this.region = region;
  }

  void start(List<Resources.Schedule> schedules) {
    schedules.forEach(schedule -> start(schedule, schedule.period()));
  }

  void start(Resources.Schedule schedule, Duration period) {
    long millis = period.toMillis();
    long untilNext = millis - Math.floorMod(System.currentTimeMillis(), millis);
    clock.scheduleAtFixedRate(() -> send(schedule), untilNext, millis, TimeUnit.MILLISECONDS);
  }

  private void send(Resources.Schedule schedule) {
    try {
      queues.send(schedule.queue(), event(schedule, Instant.now()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("schedule {} missed a tick: {}", schedule.name(), e.toString());
    }
  }

  /** The event of an EventBridge rule with a schedule and no input of its own. */
  String event(Resources.Schedule schedule, Instant now) {
    return Json.mapper()
        .writeValueAsString(
            Map.of(
                "version",
                "0",
                "id",
                UUID.randomUUID().toString(),
                "detail-type",
                "Scheduled Event",
                "source",
                "aws.events",
                "account",
                SqsClient.ACCOUNT,
                "time",
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                "region",
                region,
                "resources",
                List.of(
                    "arn:aws:events:"
                        + region
                        + ":"
                        + SqsClient.ACCOUNT
                        + ":rule/"
                        + schedule.name()),
                "detail",
                Map.of()));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
