package dev.couponbook.local;

import dev.couponbook.json.Json;
import dev.couponbook.program.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The neutral list from which every home is made: queues, buckets, notifications, schedules. It is
 * in {@code ready.d}, beside the script that creates them in LocalStack.
 */
public record Resources(
    String region, List<Queue> queues, List<Bucket> buckets, List<Schedule> schedules) {

  /**
   * @param retentionDays how long AWS keeps a message; the embedded queues keep it forever
   */
  public record Queue(
      String name, int visibilitySeconds, int retentionDays, @Nullable DeadLetter deadLetter) {}

  public record DeadLetter(String queue, int maxReceives) {}

  /**
   * @param keep how long objects are kept; what has none of these prefixes is kept for ever
   * @param abortUploadsDays after how many days an upload in parts is aborted that nobody completed
   */
  public record Bucket(
      String name, List<Notification> notifications, List<Keep> keep, int abortUploadsDays) {}

  /**
   * How long the objects of a prefix are kept after they were written.
   *
   * @param setting the environment variable that says another number of days
   */
  public record Keep(String prefix, int days, String setting) {
    private static final int LONGEST_DAYS = 36_500;

    private Keep asSet(Environment environment) {
      return new Keep(prefix, environment.number(setting, 1, LONGEST_DAYS, days), setting);
    }
  }

  public record Notification(List<String> events, String prefix, String queue) {
    /**
     * @param event as AWS names it in the event itself: {@code ObjectCreated:Put}
     */
    boolean wants(String event, String key) {
      return key.startsWith(prefix) && events.stream().anyMatch(wanted -> covers(wanted, event));
    }

    private static boolean covers(String wanted, String event) {
      var full = "s3:" + event;
      return wanted.endsWith("*")
          ? full.startsWith(wanted.substring(0, wanted.length() - 1))
          : full.equals(wanted);
    }
  }

  public record Schedule(String name, String rate, String queue) {
    private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");

    Duration period() {
      var rate = RATE.matcher(this.rate);
      if (!rate.matches()) {
        throw new HomeException(
            "Schedule " + name + " has the rate '" + this.rate + "'; known is rate(N minutes).");
      }
      long n = Long.parseLong(rate.group(1));
      return switch (rate.group(2)) {
        case "minute" -> Duration.ofMinutes(n);
        case "hour" -> Duration.ofHours(n);
        default -> Duration.ofDays(n);
      };
    }
  }

  /** Loads the list of this project. */
  public static Resources load() {
    try (var json = Resources.class.getResourceAsStream("/resources.json")) {
      return Json.mapper().readValue(Objects.requireNonNull(json), Resources.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same list with what the environment says otherwise.
   *
   * @throws HomeException if a setting is not a number of days
   */
  Resources asSet(Environment environment) {
    try {
      return new Resources(
          region,
          queues,
          buckets.stream()
              .map(bucket ->
                  new Bucket(
                      bucket.name(),
                      bucket.notifications(),
                      bucket.keep().stream().map(keep -> keep.asSet(environment)).toList(),
                      bucket.abortUploadsDays()))
              .toList(),
          schedules);
    } catch (Environment.BadSettingException e) {
      throw new HomeException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The queues of the list that a cloud does not have. */
  List<String> missingQueues(SqsClient client) {
    return queues.stream().map(Queue::name).filter(name -> !client.exists(name)).toList();
  }

  List<Notification> notificationsOf(String bucket) {
    return buckets.stream()
        .filter(b -> b.name().equals(bucket))
        .flatMap(b -> b.notifications().stream())
        .toList();
  }
}
