package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPauseTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({"0,1", "4,1", "10,2", "60,12", "150,30", "100000,30", "-60,1"})
  void grows_with_the_age_of_the_request_within_bounds(long age, long pause) {
    var made = NOW.minusSeconds(age).toEpochMilli();
    var id = new RequestId(new UUID(made << 16 | 0x7000, 0x8000_0000_0000_0000L));
    assertThat(PollPause.of(id, NOW)).hasSeconds(pause);
  }

  @Test
  void an_id_that_comes_from_a_key_does_not_say_how_old_it_is() {
    var id = new RequestId(new UUID(0x8000, 0x8000_0000_0000_0000L));
    assertThat(PollPause.of(id, NOW)).isEqualTo(Duration.ofSeconds(1));
  }
}
