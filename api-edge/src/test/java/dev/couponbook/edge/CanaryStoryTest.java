package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What partners send stays out of logs and metrics, whatever becomes of the request. */
class CanaryStoryTest {
  private static final String CODE = "CANARYCODE";
  private static final String EMAIL = "canary-mail";
  private static final String QUERY = "canaryquery";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void no_code_address_token_or_query_is_written_and_each_request_is() throws IOException {
    var written = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(new Both(before, written), true, StandardCharsets.UTF_8));
    try (var running =
        new RunningEdge(Map.of("COUPON_EDGE_METRICS_PORT", Integer.toString(freePort())))) {
      var acme = running.acme();
      var secrets = new ArrayList<>(List.of(CODE, EMAIL, QUERY, String.valueOf(acme.token())));
      var body =
          "{\"bookId\":\"%s\",\"email\":\"%s@example.com\"}".formatted(RunningEdge.BOOK, EMAIL);
      acme.post("/coupons/assign/" + CODE, body, "Idempotency-Key", CODE);
      acme.post("/coupons/lock/" + CODE + "?x=" + QUERY, "{\"email\":\"" + EMAIL + " \"}");
      acme.post("/coupons/redeem/" + CODE, "{\"email\":\"" + EMAIL);
      acme.post("/coupons/codes", "{\"bookId\":\"x\",\"manual\":[{\"code\":\"" + CODE + " \"}]}");
      acme.get("/coupons/" + RunningEdge.BOOK + "?email=" + EMAIL + "%40example.com");
      acme.get("/nothing/" + CODE + "?" + QUERY);
      acme.send("DELETE", "/coupons/lock/" + CODE, null);
      new Client(running.edge.address(), acme.token() + CODE).get("/coupons?q=" + QUERY);
      var upload =
          acme.post(
              "/coupons/codes/uploads",
              "{\"bookId\":\"%s\",\"fileName\":\"a.csv\",\"contentLength\":9}"
                  .formatted(RunningEdge.BOOK));
      assertThat(upload.status()).as("%s", upload).isEqualTo(201);
      secrets.add("X-Amz-Signature");
      running.surroundings.stopQueues();
      acme.post("/coupons/assign/" + CODE, body);

      var log = written.toString(StandardCharsets.UTF_8);
      var metrics = new Client(metricsAddress(log), null).get("/metrics").response().body();
      assertThat(log).doesNotContain(secrets);
      assertThat(metrics).doesNotContain(secrets);
      assertThat(log).contains("POST /coupons/assign/{code", " 503 ", "GET /coupons/{bookId} 404");
      assertThat(metrics)
          .contains(
              "http_server_requests_seconds_count{method=\"GET\",status=\"404\",uri=\"/coupons/{bookId}\"}")
          .contains("hikaricp_connections", "jvm_memory_used_bytes");
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void the_callers_trace_goes_with_the_command_and_comes_back_with_each_answer() {
    var running = RunningEdge.shared();
    var acme = running.acme();
    var body = "{\"bookId\":\"%s\",\"email\":\"t@example.com\"}".formatted(RunningEdge.BOOK);
    var parent = "00-" + TRACE + "-b7ad6b7169203331-01";
    running.surroundings.take("coupon-commands");
    var kept = acme.post("/coupons/assign", body, "traceparent", parent);
    assertThat(kept.status()).isEqualTo(202);
    assertThat(kept.header("Trace-Id")).isEqualTo(TRACE);
    assertThat(running.surroundings.awaitTrace("coupon-commands"))
        .matches("00-" + TRACE + "-[0-9a-f]{16}-01")
        .isNotEqualTo(parent);
    assertThat(acme.get("/coupons/x", "traceparent", parent).header("Trace-Id")).isEqualTo(TRACE);
    assertThat(running.nobody().get("/coupons", "traceparent", parent).header("Trace-Id"))
        .isEqualTo(TRACE);
    for (var bad : List.of("x", parent + "x", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")) {
      assertThat(acme.get("/coupons", "traceparent", bad).header("Trace-Id"))
          .matches("[0-9a-f]{32}")
          .isNotIn(TRACE, "0".repeat(32));
    }
  }

  private static String metricsAddress(String log) {
    var found = Pattern.compile("metrics on (http://\\S+)/metrics").matcher(log);
    assertThat(found.find()).as(log).isTrue();
    return found.group(1);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final class Both extends OutputStream {
    private final OutputStream first;
    private final OutputStream second;

    Both(OutputStream first, OutputStream second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void write(int next) throws IOException {
      first.write(next);
      synchronized (second) {
        second.write(next);
      }
    }
  }
}
