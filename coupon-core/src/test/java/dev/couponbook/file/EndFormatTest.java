package dev.couponbook.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Days and local times mean what the partner states, and nothing if it states nothing. */
class EndFormatTest {
  @ParameterizedTest
  @CsvSource({
    "2030-12-31",
    "2030-12-31T23:59:59",
    "2030-12-31 23:59:59",
    "31.12.2030",
    "9999-12-31T23:59:59-01:00"
  })
  void nothing_is_guessed_where_nothing_is_stated(String text) {
    assertThatThrownBy(() -> EndFormat.of(null, null).parse(text))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2030-12-31,                2030-12-31T22:59:59.999999Z",
    "2030-07-01,                2030-07-01T21:59:59.999999Z",
    "2030-12-31T23:59:59,       2030-12-31T22:59:59Z",
    "2030-12-31 23:59:59,       2030-12-31T22:59:59Z",
    "2030-12-31 23:59,          2030-12-31T22:59:00Z",
    "2030-12-31 23:59:59.9999999, 2030-12-31T22:59:59.999999Z",
    "2030-12-31T23:59:59Z,      2030-12-31T23:59:59Z",
    "2030-12-31T23:59:59-05:00, 2031-01-01T04:59:59Z",
    // The hour that a day in spring lacks.
    "2030-03-31 02:30:00,       2030-03-31T01:30:00Z",
    // Of an hour that a day in autumn has twice, the first: an end never moves to later.
    "2030-10-27 02:30:00,       2030-10-27T00:30:00Z",
  })
  void with_a_time_zone_days_and_local_times_are_in_it(String text, String end) {
    assertThat(EndFormat.of("Europe/Berlin", null).parse(text)).hasToString(end);
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy,          31.12.2030,           2030-12-31T22:59:59.999999Z",
    "d.M.yyyy,            1.2.2030,             2030-02-01T22:59:59.999999Z",
    "dd/MM/yy,            31/12/30,             2030-12-31T22:59:59.999999Z",
    "MM/dd/yyyy,          12/31/2030,           2030-12-31T22:59:59.999999Z",
    "yyyy-MM-dd HH:mm:ss, 2030-12-31 23:59:59,  2030-12-31T22:59:59Z",
    "MM/dd/yyyy hh:mm a,  12/31/2030 11:59 PM,  2030-12-31T22:59:00Z",
    "d MMM yyyy,          31 dec 2030,          2030-12-31T22:59:59.999999Z",
    "dd.MM.yyyy HH:mm XXX, 31.12.2030 23:59 Z,  2030-12-31T23:59:00Z",
  })
  void with_a_date_format_that_form_is_read(String format, String text, String end) {
    assertThat(EndFormat.of("Europe/Berlin", format).parse(text)).hasToString(end);
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy, 31/12/2030",
    "dd.MM.yyyy, 2030-12-31T23:59:59Z",
    "dd.MM.yyyy, 30.02.2030",
    "dd.MM.yyyy, 31.12.2030 12:00",
    "dd.MM.yyyy, 31.12.99999",
    "dd.MM.yyyy HH:mm, 31.12.2030",
    "MM/dd/yyyy, 31/12/2030",
  })
  void and_no_other(String format, String text) {
    assertThatThrownBy(() -> EndFormat.of("Europe/Berlin", format).parse(text))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dd.MM",
        "HH:mm",
        "yyyy",
        "dd.MM.yyyy hh:mm",
        "dd.MM.yyyy HH",
        "b",
        "'",
        "''",
        " "
      })
  void format_that_loses_a_part_of_the_time_is_refused(String format) {
    assertThatThrownBy(() -> EndFormat.of("Europe/Berlin", format))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("dateFormat must ");
  }

  @Test
  void local_format_needs_a_zone_and_one_with_a_zone_does_not() {
    assertThatThrownBy(() -> EndFormat.of(null, "dd.MM.yyyy"))
        .hasMessage("timeZone must come with a dateFormat that has no zone");
    assertThat(EndFormat.of(null, "dd.MM.yyyy HH:mmXX").parse("31.12.2030 12:00+0100"))
        .hasToString("2030-12-31T11:00:00Z");
    assertThatThrownBy(() -> EndFormat.of("Berlin", null))
        .hasMessageStartingWith("timeZone must be a time zone");
  }
}
