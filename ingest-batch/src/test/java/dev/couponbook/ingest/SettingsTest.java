package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.settings.IngestSettings;
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
    assertThat(IngestSettings.from(new Environment(NEEDED)))
        .isEqualTo(
            new IngestSettings(
                new DatabaseSettings(URL, "coupon_ingest", "secret"),
                "coupon-files",
                false,
                "coupon-uploads",
                "coupon-uploads-dead",
                "coupon-loads",
                "coupon-loads-dead",
                "coupon-partitions",
                Runtime.getRuntime().availableProcessors(),
                16,
                8,
                Duration.ofSeconds(10),
                new MetricsSettings("127.0.0.1", 0, "COUPON_INGEST_METRICS_PORT", null),
                Block.ROWS,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2)));
  }

  @Test
  void each_has_its_own_name() {
    var environment =
        new Environment(
            Map.ofEntries(
                Map.entry("COUPON_DB_URL", URL),
                Map.entry("COUPON_DB_USER", "somebody"),
                Map.entry("COUPON_DB_PASSWORD", "secret"),
                Map.entry("COUPON_BUCKET", "b"),
                Map.entry("COUPON_S3_PATH_STYLE", "true"),
                Map.entry("COUPON_QUEUE_UPLOADS", "u"),
                Map.entry("COUPON_QUEUE_UPLOADS_DEAD", "ud"),
                Map.entry("COUPON_QUEUE_LOADS", "l"),
                Map.entry("COUPON_QUEUE_LOADS_DEAD", "ld"),
                Map.entry("COUPON_QUEUE_PARTITIONS", "p"),
                Map.entry("COUPON_INGEST_WORKERS", "11"),
                Map.entry("COUPON_INGEST_JOBS", "12"),
                Map.entry("COUPON_INGEST_PARTS_IN_FLIGHT", "13"),
                Map.entry("COUPON_INGEST_DEAD_LETTER_SECONDS", "15"),
                Map.entry("COUPON_INGEST_METRICS_HOST", "10.0.0.1"),
                Map.entry("COUPON_INGEST_METRICS_PORT", "14")));
    assertThat(IngestSettings.from(environment))
        .isEqualTo(
            new IngestSettings(
                new DatabaseSettings(URL, "somebody", "secret"),
                "b",
                true,
                "u",
                "ud",
                "l",
                "ld",
                "p",
                11,
                12,
                13,
                Duration.ofSeconds(15),
                new MetricsSettings("10.0.0.1", 14, "COUPON_INGEST_METRICS_PORT", null),
                Block.ROWS,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2)));
  }

  @Test
  void pool_has_a_connection_for_everyone_who_can_need_one() {
    var settings =
        IngestSettings.from(
            new Environment(
                Map.of(
                    "COUPON_DB_URL", URL,
                    "COUPON_DB_PASSWORD", "secret",
                    "COUPON_INGEST_WORKERS", "4",
                    "COUPON_INGEST_JOBS", "10")));
    assertThat(settings.connections()).isEqualTo(2 * 4 + 10 + 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"COUPON_DB_URL", "COUPON_DB_PASSWORD"})
  void a_missing_one_stops_the_start_by_its_name(String name) {
    var settings = new HashMap<>(NEEDED);
    settings.remove(name);
    assertThatThrownBy(() -> Ingest.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "COUPON_DB_URL,jdbc:h2:mem",
    "COUPON_S3_PATH_STYLE,yes",
    "COUPON_INGEST_WORKERS,0",
    "COUPON_INGEST_WORKERS,65",
    "COUPON_INGEST_JOBS,0",
    "COUPON_INGEST_JOBS,201",
    "COUPON_INGEST_PARTS_IN_FLIGHT,0",
    "COUPON_INGEST_PARTS_IN_FLIGHT,1001",
    "COUPON_INGEST_PARTS_IN_FLIGHT,x",
    "COUPON_INGEST_DEAD_LETTER_SECONDS,0",
    "COUPON_INGEST_DEAD_LETTER_SECONDS,3601",
    "COUPON_INGEST_METRICS_PORT,70000"
  })
  void a_bad_one_stops_the_start_by_its_name(String name, String value) {
    var settings = new HashMap<>(NEEDED);
    settings.put(name, value);
    assertThatThrownBy(() -> Ingest.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageStartingWith(name + " must ");
  }

  @Test
  void no_setting_shows_a_secret() {
    assertThat(IngestSettings.from(new Environment(NEEDED)).toString()).doesNotContain("secret");
  }
}
