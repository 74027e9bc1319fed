package dev.couponbook.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.program.DiskSpace.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private static ServerSocket anyPort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  }

  private static String logOf(Runnable work) {
    var before = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_metrics_port_that_is_taken_costs_one_line_in_the_log_and_nothing_else()
      throws IOException {
    try (var taken = anyPort()) {
      var settings =
          new MetricsSettings("127.0.0.1", taken.getLocalPort(), "COUPON_X_METRICS_PORT", null);
      var log =
          logOf(() -> {
            try (var metrics = new Metrics(settings)) {
              metrics.registry().counter("coupon.counted").increment();
              assertThat(metrics.registry().counter("coupon.counted").count()).isEqualTo(1);
            }
          });
      assertThat(log)
          .hasLineCount(1)
          .contains("port " + taken.getLocalPort() + " of 127.0.0.1", "COUPON_X_METRICS_PORT");
    }
  }

  @Test
  void what_is_left_on_the_disk_is_told_beside_the_limit() throws IOException {
    int port;
    try (var free = anyPort()) {
      port = free.getLocalPort();
    }
    var disk = new DiskSpace(folder, 77);
    try (var metrics = new Metrics(new MetricsSettings("127.0.0.1", port, "X", disk))) {
      assertThat(metrics.registry().get("coupon.disk.least").gauge().value()).isEqualTo(77);
      var text =
          new String(
              URI.create("http://127.0.0.1:%d/metrics".formatted(port))
                  .toURL()
                  .openStream()
                  .readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(text).contains("coupon_disk_least_bytes 77.0").contains("coupon_disk_free_bytes ");
      assertThat(metrics.registry().get("coupon.disk.free").gauge().value())
          .isCloseTo(Files.getFileStore(folder).getUsableSpace(), Percentage.withPercentage(20));
    }
  }

  @Test
  void a_disk_is_nearly_full_below_the_limit_and_full_without_room_for_a_segment() {
    var disk = DiskSpace.of(folder, new Environment(Map.of("COUPON_DISK_LEAST_MEGABYTES", "100")));
    assertThat(disk.state(100L << 20)).isEqualTo(State.ENOUGH);
    assertThat(disk.state((100L << 20) - 1)).isEqualTo(State.NEARLY_FULL);
    assertThat(disk.state(16L << 20)).isEqualTo(State.NEARLY_FULL);
    assertThat(disk.state((16L << 20) - 1)).isEqualTo(State.FULL);
  }

  @Test
  void a_database_elsewhere_has_no_disk_here() {
    assertThat(DiskSpace.from(new Environment(Map.of()))).isNull();
    var watched = DiskSpace.from(new Environment(Map.of("COUPON_DISK", folder.toString())));
    assertThat(watched).isEqualTo(new DiskSpace(folder, 1L << 30));
  }
}
