package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another program has a port that the edge is to have. */
class TakenPortTest {
  private static Map<String, String> settings(String setting, ServerSocket taken) {
    var settings = new HashMap<>(RunningEdge.shared().surroundings.settings());
    settings.put("COUPON_EDGE_PORT", "0");
    settings.put(setting, Integer.toString(taken.getLocalPort()));
    return settings;
  }

  private static ServerSocket anyPort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  }

  @Test
  void a_port_for_partners_that_is_taken_is_told_in_a_sentence() throws IOException {
    try (var taken = anyPort()) {
      assertThatThrownBy(() -> Edge.start(settings("COUPON_EDGE_PORT", taken)))
          .isInstanceOf(Edge.PortTakenException.class)
          .hasMessageContaining("port %d of 127.0.0.1".formatted(taken.getLocalPort()))
          .hasMessageContaining("COUPON_EDGE_PORT");
    }
  }

  @Test
  void a_metrics_port_that_is_taken_does_not_stop_coupons() throws IOException {
    try (var taken = anyPort();
        var edge = Edge.start(settings("COUPON_EDGE_METRICS_PORT", taken))) {
      var client =
          new Client(edge.address(), RunningEdge.shared().surroundings.issuer.token("acme"));
      assertThat(client.get("/coupons/" + RunningEdge.BOOK).status()).isEqualTo(200);
    }
  }
}
