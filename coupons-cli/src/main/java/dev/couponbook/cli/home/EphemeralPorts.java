package dev.couponbook.cli.home;

import dev.couponbook.local.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ports that this machine gives to connections by itself. A home whose ports lie among them may
 * find one taken by any program's connection when a program of its own starts again.
 */
record EphemeralPorts(int first, int last) {
  private static final Path OF_LINUX = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  // What the systems that we know have unless somebody changed it: Linux begins at 32768, the
  // others at 49152 (RFC 6335).
  private static final EphemeralPorts USUAL = new EphemeralPorts(32_768, 65_535);

  static EphemeralPorts ofThisMachine() {
    try {
      return of(Files.readString(OF_LINUX));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return USUAL;
    }
  }

  /**
   * @param range two numbers with blanks between them, as Linux writes them
   */
  static EphemeralPorts of(String range) {
    var ends = range.strip().split("\\s+");
    return new EphemeralPorts(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
  }

  /** What to tell whoever starts a home at these ports; empty if they lie outside. */
  Optional<String> warning(Ports ports) {
    if (ports.last() < first || ports.base() > last) {
      return Optional.empty();
    }
    return Optional.of(
        "warning: ports %d to %d lie among those that this machine gives to connections (%d to %d), so one may be taken when a program starts again; choose others with --port-base N"
            .formatted(ports.base(), ports.last(), first, last));
  }
}
