package dev.couponbook.edge.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferWaitTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "wait=7",
        "WAIT=7",
        "respond-async, wait=7",
        "wait = 7",
        "wait=\"7\"",
        "wait=7; x=y",
        "wait=7, wait=9"
      })
  void is_understood(String header) {
    assertThat(PreferWait.parse(List.of(header))).contains(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wait",
        "wait=",
        "wait=x",
        "wait=-1",
        "wait=1.5",
        "wait=0",
        "await=7",
        "respond-async"
      })
  void an_unknown_preference_is_ignored(String header) {
    assertThat(PreferWait.parse(List.of(header))).isEmpty();
  }

  @Test
  void nobody_waits_longer_than_25_seconds() {
    assertThat(PreferWait.parse(List.of("wait=100000000"))).contains(Duration.ofSeconds(25));
  }

  @Test
  void a_wait_may_be_in_any_of_several_headers() {
    assertThat(PreferWait.parse(List.of("return=minimal", "wait=3")))
        .contains(Duration.ofSeconds(3));
    assertThat(PreferWait.parse(List.of())).isEmpty();
  }
}
