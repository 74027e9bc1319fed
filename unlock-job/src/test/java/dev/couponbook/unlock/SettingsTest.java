package dev.couponbook.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
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
    assertThat(UnlockSettings.from(new Environment(NEEDED)))
        .isEqualTo(
            new UnlockSettings(
                new DatabaseSettings(URL, "coupon_sweep", "secret"),
                "coupon-sweeps",
                Duration.ofDays(30),
                Duration.ofDays(30),
                Duration.ofDays(400)));
  }

  @Test
  void each_has_its_own_name() {
    var environment =
        new Environment(
            Map.of(
                "COUPON_DB_URL", URL,
                "COUPON_DB_USER", "somebody",
                "COUPON_DB_PASSWORD", "secret",
                "COUPON_QUEUE_SWEEPS", "s",
                "COUPON_KEEP_OUTCOMES_DAYS", "11",
                "COUPON_KEEP_REJECTS_DAYS", "12",
                "COUPON_KEEP_AUDIT_DAYS", "13"));
    assertThat(UnlockSettings.from(environment))
        .isEqualTo(
            new UnlockSettings(
                new DatabaseSettings(URL, "somebody", "secret"),
                "s",
                Duration.ofDays(11),
                Duration.ofDays(12),
                Duration.ofDays(13)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"COUPON_DB_URL", "COUPON_DB_PASSWORD"})
  void a_missing_one_stops_the_start_by_its_name(String name) {
    var settings = new HashMap<>(NEEDED);
    settings.remove(name);
    assertThatThrownBy(() -> Unlock.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage(name + " is not set");
    assertThatThrownBy(() -> Unlock.sweepOnce(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage(name + " is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "COUPON_DB_URL,jdbc:h2:mem",
    "COUPON_KEEP_OUTCOMES_DAYS,0",
    "COUPON_KEEP_OUTCOMES_DAYS,a month",
    "COUPON_KEEP_REJECTS_DAYS,-1",
    "COUPON_KEEP_AUDIT_DAYS,36501",
    "COUPON_KEEP_OUTCOMES_DAYS,PT59S",
    "COUPON_KEEP_OUTCOMES_DAYS,P1M",
    "COUPON_KEEP_OUTCOMES_DAYS,-P2D",
    "COUPON_KEEP_REJECTS_DAYS,P36501D",
    "COUPON_KEEP_AUDIT_DAYS,PT"
  })
  void a_bad_one_stops_the_start_by_its_name(String name, String value) {
    var settings = new HashMap<>(NEEDED);
    settings.put(name, value);
    assertThatThrownBy(() -> Unlock.start(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessageStartingWith(name + " must ");
  }

  @ParameterizedTest
  @CsvSource({"1,P1D", "P1D,P1D", "PT1M,PT1M", "PT36H,PT36H", "36500,P36500D"})
  void a_retention_is_a_number_of_days_or_a_duration(String value, Duration retention) {
    var settings = new HashMap<>(NEEDED);
    settings.put("COUPON_KEEP_OUTCOMES_DAYS", value);
    assertThat(UnlockSettings.from(new Environment(settings)).outcomes()).isEqualTo(retention);
  }

  @ParameterizedTest
  @CsvSource({"PT1M,P28D", "P28D,P28D", "P60D,P60D"})
  void that_there_was_an_answer_is_known_for_four_weeks_at_least(String value, Duration known) {
    var settings = new HashMap<>(NEEDED);
    settings.put("COUPON_KEEP_OUTCOMES_DAYS", value);
    assertThat(UnlockSettings.from(new Environment(settings)).forgotten()).isEqualTo(known);
  }

  @Test
  void no_setting_shows_a_secret() {
    assertThat(UnlockSettings.from(new Environment(NEEDED)).toString()).doesNotContain("secret");
  }
}
