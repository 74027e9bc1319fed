package dev.couponbook.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentRateTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  private final RecentRate rate = new RecentRate();

  @Test
  void oneReadingSaysNothing() {
    assertThat(rate.of(1_000, BEGAN)).isEmpty();
  }

  @Test
  void theLastSecondsCountAndNotTheWholeTime() {
    rate.of(0, BEGAN);
    rate.of(1_000_000, BEGAN.plusSeconds(60));

    assertThat(rate.of(1_005_000, BEGAN.plusSeconds(65))).isEqualTo(", now 1,000");
  }

  @Test
  void aLoadThatStandsStillShowsIt() {
    rate.of(5_000, BEGAN);

    assertThat(rate.of(5_000, BEGAN.plusSeconds(5))).isEqualTo(", now 0");
  }
}
