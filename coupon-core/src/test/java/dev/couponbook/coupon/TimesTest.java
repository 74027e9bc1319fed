package dev.couponbook.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.json.Json;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule for each time that a partner sends. */
class TimesTest {
  private record Ends(Instant end) {}

  @ParameterizedTest
  @CsvSource({
    "2030-01-31T12:00:00Z,                2030-01-31T12:00:00Z",
    "2030-01-31t12:00:00z,                2030-01-31T12:00:00Z",
    "2030-01-31T12:00Z,                   2030-01-31T12:00:00Z",
    "2030-01-31T12:00:00.5+02:00,         2030-01-31T10:00:00.500Z",
    "2030-01-31T12:00:00.123456Z,         2030-01-31T12:00:00.123456Z",
    "2030-01-31T12:00:00.123456789Z,      2030-01-31T12:00:00.123456Z",
    "2030-12-31T23:59:59.9999999Z,        2030-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59.999999999Z,      9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59+01:00,           9999-12-31T22:59:59Z",
    "0001-01-01T00:00:00Z,                0001-01-01T00:00:00Z",
    "0001-01-01T01:00:00+01:00,           0001-01-01T00:00:00Z",
  })
  void time_is_an_instant_cut_to_microseconds(String text, String kept) {
    assertThat(Times.parse("end", text)).hasToString(kept);
    assertThat(Json.mapper().readValue("{\"end\":\"" + text + "\"}", Ends.class).end())
        .as("in a message or a body")
        .hasToString(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "0000-12-31T23:59:59.9999999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2030-02-30T00:00:00Z",
        "2030-01-31T24:00:00Z",
        "2030-01-31T12:00:60Z",
        "2030-01-31T12:00:00",
        "2030-01-31",
        "31.01.2030",
        " 2030-01-31T12:00:00Z",
        "1893456000",
        "",
      })
  void anything_else_is_refused_by_the_members_name(String text) {
    assertThatThrownBy(() -> Times.parse("end", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("end must ");
    assertThatThrownBy(() -> Json.mapper().readValue("{\"end\":\"" + text + "\"}", Ends.class))
        .hasRootCauseInstanceOf(InvalidValueException.class)
        .hasRootCauseMessage(
            text.isEmpty() || !text.matches(".*9999-.*-01.*|0001.*|0000.*|\\+1.*|-0001.*")
                ? "end must be a time with a zone, as in 2030-01-31T12:00:00Z"
                : "end must lie between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z");
  }
}
