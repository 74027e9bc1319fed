package dev.couponbook.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.local.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EphemeralPortsTest {
  private static final EphemeralPorts LINUX = EphemeralPorts.of("32768\t60999\n");

  @ParameterizedTest
  @CsvSource({
    "18100, false",
    "32758, false",
    "32759, true",
    "40000, true",
    "60999, true",
    "61000, false"
  })
  void ports_among_those_of_connections_are_warned_of(int base, boolean warned) {
    assertThat(LINUX.warning(new Ports(base)).isPresent()).isEqualTo(warned);
  }

  @Test
  void the_warning_names_the_ports_and_the_way_out() {
    assertThat(LINUX.warning(new Ports(40_000)).orElseThrow())
        .contains("40000 to 40009", "32768 to 60999", "--port-base");
  }

  @Test
  void every_machine_has_some() {
    var here = EphemeralPorts.ofThisMachine();
    assertThat(here.first()).isLessThan(here.last());
  }
}
