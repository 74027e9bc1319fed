package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.MetricsSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String URL = "jdbc:postgresql://127.0.0.1:1/couponbook";
  private static final Map<String, String> NEEDED =
      Map.of("COUPON_DB_URL", URL, "COUPON_DB_PASSWORD", "secret");

  @Test
  void all_but_the_database_has_a_default() {
    assertThat(WorkerSettings.from(new Environment(NEEDED)))
        .isEqualTo(
            new WorkerSettings(
                new DatabaseSettings(URL, "coupon_worker", "secret"),
                "coupon-commands",
                "coupon-commands-dead",
                100,
                4,
                Duration.ofSeconds(10),
                10_000,
                new MetricsSettings("127.0.0.1", 0, "COUPON_WORKER_METRICS_PORT", null)));
  }

  @Test
  void each_has_its_own_name() {
    var environment =
        new Environment(
            Map.ofEntries(
                Map.entry("COUPON_DB_URL", URL),
                Map.entry("COUPON_DB_USER", "somebody"),
                Map.entry("COUPON_DB_PASSWORD", "secret"),
                Map.entry("COUPON_QUEUE_COMMANDS", "c"),
                Map.entry("COUPON_QUEUE_COMMANDS_DEAD", "cd"),
                Map.entry("COUPON_WORKER_BATCH_SIZE", "11"),
                Map.entry("COUPON_WORKER_BATCHES", "12"),
                Map.entry("COUPON_WORKER_DEAD_LETTER_SECONDS", "15"),
                Map.entry("COUPON_USER_LOCKS", "13"),
                Map.entry("COUPON_WORKER_METRICS_HOST", "10.0.0.1"),
                Map.entry("COUPON_WORKER_METRICS_PORT", "14")));
    assertThat(WorkerSettings.from(environment))
        .isEqualTo(
            new WorkerSettings(
                new DatabaseSettings(URL, "somebody", "secret"),
                "c",
                "cd",
                11,
                12,
                Duration.ofSeconds(15),
                13,
                new MetricsSettings("10.0.0.1", 14, "COUPON_WORKER_METRICS_PORT", null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"COUPON_DB_URL", "COUPON_DB_PASSWORD"})
  void a_missing_one_stops_the_start_by_its_name(String name) {
    var settings = new HashMap<>(NEEDED);
    settings.remove(name);
    assertThatThrownBy(() -> Worker.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "COUPON_DB_URL,jdbc:h2:mem",
    "COUPON_WORKER_BATCH_SIZE,0",
    "COUPON_WORKER_BATCH_SIZE,1001",
    "COUPON_WORKER_BATCHES,0",
    "COUPON_WORKER_BATCHES,65",
    "COUPON_WORKER_DEAD_LETTER_SECONDS,0",
    "COUPON_USER_LOCKS,0",
    "COUPON_USER_LOCKS,many",
    "COUPON_WORKER_METRICS_PORT,70000"
  })
  void a_bad_one_stops_the_start_by_its_name(String name, String value) {
    var settings = new HashMap<>(NEEDED);
    settings.put(name, value);
    assertThatThrownBy(() -> Worker.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageStartingWith(name + " must ");
  }

  @Test
  void no_setting_shows_a_secret() {
    assertThat(WorkerSettings.from(new Environment(NEEDED)).toString()).doesNotContain("secret");
  }
}
