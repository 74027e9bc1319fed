package dev.couponbook.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
  @Test
  void a_duration_is_a_number_and_a_unit() {
    var durations = new Durations();
    assertThat(durations.convert("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(durations.convert("30m")).isEqualTo(Duration.ofMinutes(30));
    assertThat(durations.convert("12h")).isEqualTo(Duration.ofHours(12));
    assertThat(durations.convert("7d")).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12", "h", "-1h", "1.5h", "12 h", "12w", "9999999s"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> new Durations().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void a_duration_is_said_in_its_two_largest_units() {
    assertThat(Durations.text(Duration.ofMillis(-5))).isEqualTo("0s");
    assertThat(Durations.text(Duration.ofSeconds(59))).isEqualTo("59s");
    assertThat(Durations.text(Duration.ofSeconds(65))).isEqualTo("1m 05s");
    assertThat(Durations.text(Duration.ofSeconds(3_660))).isEqualTo("1h 01m");
    assertThat(Durations.text(Duration.ofHours(49))).isEqualTo("2d 01h");
  }
}
