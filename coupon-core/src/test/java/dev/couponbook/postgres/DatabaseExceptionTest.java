package dev.couponbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.postgres.DatabaseException.Kind;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseExceptionTest {
  private static DatabaseException of(String state, boolean committing) {
    return DatabaseException.of(new SQLException("said", state), committing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"25006", "57P01", "57P02", "57P03", "57P04", "57P05", "08006", "08003", "53300"})
  void server_that_stops_or_has_become_a_reader_is_away_and_no_fault_of_a_command(String state) {
    assertThat(of(state, false).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(of(state, false).isAway()).isTrue();
    assertThat(of(state, true).kind()).isEqualTo(Kind.UNKNOWN_OUTCOME);
  }

  @Test
  void statement_that_is_wrong_is_a_bug() {
    assertThat(of("42601", false).kind()).isEqualTo(Kind.BUG);
    assertThat(of("25001", false).kind()).isEqualTo(Kind.BUG);
  }
}
