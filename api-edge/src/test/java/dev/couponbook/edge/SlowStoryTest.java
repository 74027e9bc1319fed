package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Senders who keep connections open and give nothing. */
@Tag("slow")
class SlowStoryTest {
  private static final String HEAD = "GET /health/liveness HTTP/1.1\r\nHost: x\r\n";

  @Test
  void unfinished_requests_are_cut_off_and_connections_over_the_cap_are_closed() {
    try (var running =
        new RunningEdge(
            Map.of("COUPON_EDGE_REQUEST_SECONDS", "4", "COUPON_EDGE_CONNECTIONS", "4"))) {
      // This client keeps its connection; and the edge is warm.
      assertThat(running.acme().get("/coupons").status()).isEqualTo(200);
      try (var silentHead = new RawSocket(running.edge.address());
          var silentBody = new RawSocket(running.edge.address());
          var idle = new RawSocket(running.edge.address())) {
        silentHead.send(HEAD);
        silentBody.send(
            "POST /coupons HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
                + "Content-Type: application/json\r\nAuthorization: Bearer "
                + running.surroundings.issuer.token("acme")
                + "\r\n\r\n{");
        assertThat(idle.send(HEAD + "\r\n").hear(Duration.ofMillis(500)).statuses())
            .containsExactly(200);
        assertThat(closedOfThree(running)).isPositive();
        for (var silent : new RawSocket[] {silentHead, silentBody}) {
          var cut = silent.hear(Duration.ofSeconds(6));
          assertThat(cut.statuses()).as("%s", cut).containsExactly(408);
          assertThat(cut.closed()).isTrue();
        }
        // A connection between two requests is not slow.
        assertThat(idle.send(HEAD + "\r\n").hear(Duration.ofMillis(500)).statuses())
            .containsExactly(200);
      }
    }
  }

  private static long closedOfThree(RunningEdge running) {
    try (var first = new RawSocket(running.edge.address());
        var second = new RawSocket(running.edge.address());
        var third = new RawSocket(running.edge.address())) {
      return Stream.of(first, second, third)
          .map(socket -> socket.send(HEAD + "\r\n").hear(Duration.ofMillis(300)))
          .filter(heard -> heard.equals(new RawSocket.Heard("", true)))
          .count();
    }
  }
}
