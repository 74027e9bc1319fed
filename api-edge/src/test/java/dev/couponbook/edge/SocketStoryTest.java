package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.AttackTable;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Bytes that two HTTP programs could read in two ways. Each is refused with one answer and a closed
 * connection, or by closing alone: what follows on the connection is never taken for a request.
 */
@Tag("slow")
class SocketStoryTest {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("sockets");

  private static final RunningEdge RUNNING = RunningEdge.shared();
  private static final Duration SILENCE = Duration.ofMillis(500);
  private static final Duration PIECE = Duration.ofMillis(3);
  private static final String HOST = "Host: " + URI.create(RUNNING.edge.address()).getAuthority();
  private static final String BODY =
      "{\"bookId\":\"" + RunningEdge.BOOK + "\",\"email\":\"ann@example.com\"}";
  private static final String NEXT = "GET /health/liveness HTTP/1.1\r\n" + HOST + "\r\n\r\n";

  @AfterAll
  static void empty_the_queue() {
    RUNNING.surroundings.take("coupon-commands");
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest>
      what_can_be_read_in_two_ways_is_refused_and_the_connection_closed() {
    return attacks().entrySet().stream()
        .map(attack ->
            DynamicTest.dynamicTest(
                attack.getKey(),
                () -> {
                  try (var socket = new RawSocket(RUNNING.edge.address())) {
                    var heard = socket.send(attack.getValue() + NEXT + NEXT).hear(SILENCE);
                    ATTACKS.row(
                        attack.getKey(),
                        "one 4xx, 501 or 505, or none; closed",
                        heard.statuses() + (heard.closed() ? " closed" : " open"));
                    assertThat(heard.statuses()).as("%s", heard).hasSizeLessThanOrEqualTo(1);
                    assertThat(heard.statuses())
                        .as("%s", heard)
                        .allMatch(s -> s >= 400 && s < 500 || s == 501 || s == 505);
                    assertThat(heard.closed()).as("%s", heard).isTrue();
                  }
                }));
  }

  private static Map<String, String> attacks() {
    var attacks = new LinkedHashMap<String, String>();
    attacks.put(
        "Content-Length with Transfer-Encoding", chunked("Content-Length: 4\r\n", "0\r\n\r\n"));
    attacks.put(
        "Transfer-Encoding with Content-Length",
        post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"));
    attacks.put("two Content-Length, different", post(length() + "Content-Length: 3\r\n", BODY));
    attacks.put("two Content-Length, the same", post(length() + length(), BODY));
    attacks.put("Content-Length as a list", post("Content-Length: 5, 5\r\n", BODY));
    attacks.put(
        "Content-Length with a sign", post("Content-Length: +" + BODY.length() + "\r\n", BODY));
    attacks.put("Content-Length negative", post("Content-Length: -1\r\n", BODY));
    attacks.put(
        "Content-Length beyond 2^63", post("Content-Length: 99999999999999999999\r\n", BODY));
    attacks.put("Content-Length no number", post("Content-Length: 0x10\r\n", BODY));
    attacks.put("Content-Length empty", post("Content-Length: \r\n", BODY));
    attacks.put("obs-fold", post(length() + "X-Folded: a\r\n b\r\n", BODY));
    attacks.put(
        "obs-fold in the first line",
        "POST /coupons/assign HTTP/1.1\r\n "
            + HOST
            + "\r\n"
            + HOST
            + "\r\n"
            + length()
            + token()
            + "\r\n"
            + BODY);
    attacks.put("space before the colon", post("Content-Length : " + BODY.length() + "\r\n", BODY));
    attacks.put("header without a name", post(": x\r\n" + length(), BODY));
    attacks.put("header without a colon", post("X-Nothing\r\n" + length(), BODY));
    attacks.put("NUL in a header", post("X-Nul: a\0b\r\n" + length(), BODY));
    attacks.put("bare CR in a header", post("X-Cr: a\rb\r\n" + length(), BODY));
    attacks.put("bare LF after a header", post("X-Lf: a\n" + length(), BODY));
    attacks.put("bare LF everywhere", post(length(), BODY).replace("\r\n", "\n"));
    attacks.put("bare LF after the request line", post(length(), BODY).replaceFirst("\r\n", "\n"));
    attacks.put("chunk size beyond 2^64", chunked("", "10000000000000002\r\n{}\r\n0\r\n\r\n"));
    attacks.put("chunk size beyond 2^31", chunked("", "80000000\r\n{}\r\n0\r\n\r\n"));
    attacks.put("chunk size negative", chunked("", "-2\r\n{}\r\n0\r\n\r\n"));
    attacks.put("chunk size with 0x", chunked("", "0x2\r\n{}\r\n0\r\n\r\n"));
    attacks.put("chunk size empty", chunked("", "\r\n{}\r\n0\r\n\r\n"));
    attacks.put("chunk size with a space", chunked("", "2 \r\n{}\r\n0\r\n\r\n"));
    attacks.put(
        "chunk size line ends with LF", chunked("", size() + "\n" + BODY + "\r\n0\r\n\r\n"));
    attacks.put(
        "chunk data without its line end", chunked("", size() + "\r\n" + BODY + "0\r\n\r\n"));
    attacks.put(
        "chunk data longer than said", chunked("", size() + "\r\n" + BODY + "xx\r\n0\r\n\r\n"));
    attacks.put("chunk data ends with LF", chunked("", size() + "\r\n" + BODY + "\n0\r\n\r\n"));
    attacks.put("last chunk ends with LF", chunked("", size() + "\r\n" + BODY + "\r\n0\n\n"));
    attacks.put(
        "huge chunk extension",
        chunked("", size() + ";x=" + "y".repeat(1_000_000) + "\r\n" + BODY + "\r\n0\r\n\r\n"));
    attacks.put(
        "chunk extension with LF", chunked("", size() + ";x\ny\r\n" + BODY + "\r\n0\r\n\r\n"));
    attacks.put(
        "many chunk extensions",
        chunked("", ("1;" + "y".repeat(1_000) + "\r\n{\r\n").repeat(400) + "0\r\n\r\n"));
    attacks.put(
        "1 MB of trailers",
        chunked(
            "",
            size()
                + "\r\n"
                + BODY
                + "\r\n0\r\n"
                + ("X-T: " + "y".repeat(1_000) + "\r\n").repeat(1_000)
                + "\r\n"));
    attacks.put("no Host", "GET /health/liveness HTTP/1.1\r\n\r\n");
    attacks.put(
        "two Hosts", "GET /health/liveness HTTP/1.1\r\n" + HOST + "\r\n" + HOST + "\r\n\r\n");
    attacks.put("bad Host", "GET /health/liveness HTTP/1.1\r\nHost: a b/c@d\r\n\r\n");
    attacks.put(
        "Host with a user", "GET /health/liveness HTTP/1.1\r\nHost: user@example.com\r\n\r\n");
    attacks.put(
        "Host with a bad port", "GET /health/liveness HTTP/1.1\r\nHost: example.com:x\r\n\r\n");
    attacks.put("Host empty", "GET /health/liveness HTTP/1.1\r\nHost: \r\n\r\n");
    attacks.put("HTTP/3.7", "GET /health/liveness HTTP/3.7\r\n" + HOST + "\r\n\r\n");
    attacks.put("HTTP/1.2", "GET /health/liveness HTTP/1.2\r\n" + HOST + "\r\n\r\n");
    attacks.put(
        "http/1.1 in small letters", "GET /health/liveness http/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put("HTTP/0.9", "GET /health/liveness\r\n\r\n");
    attacks.put("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    attacks.put("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"));
    attacks.put("chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"));
    attacks.put("chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"));
    attacks.put(
        "chunked twice",
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
    attacks.put("identity", post("Transfer-Encoding: identity\r\n" + length(), BODY));
    attacks.put("xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"));
    attacks.put(
        "chunked with a vertical tab", post("Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n"));
    attacks.put(
        "chunked in HTTP/1.0",
        chunked("", size() + "\r\n" + BODY + "\r\n0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"));
    attacks.put(
        "spaces in the request line", "GET  /health/liveness HTTP/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put(
        "tab in the request line", "GET\t/health/liveness\tHTTP/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put(
        "control characters before the request",
        "\0\u0001GET /health/liveness HTTP/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put(
        "fragment in the address", "GET /health/liveness#x HTTP/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put("address without a slash", "GET health/liveness HTTP/1.1\r\n" + HOST + "\r\n\r\n");
    attacks.put("CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
    attacks.put(
        "random bytes", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n");
    return attacks;
  }

  @Test
  void honest_requests_are_answered_one_by_one_on_one_connection() {
    try (var socket = new RawSocket(RUNNING.edge.address())) {
      var heard =
          socket
              .send(
                  NEXT
                      + post(length(), BODY)
                      + chunked("", size() + ";x=y\r\n" + BODY + "\r\n0\r\n\r\n")
                      + NEXT)
              .hear(SILENCE);
      assertThat(heard.statuses()).as("%s", heard).containsExactly(200, 202, 202, 200);
      assertThat(heard.closed()).isFalse();
    }
  }

  @Test
  void oddities_that_everybody_reads_alike_are_answered() {
    answersAndGoesOn(200, "\r\n" + NEXT);
    answersAndGoesOn(200, NEXT.replace(" /health", " http://elsewhere.example/health"));
    answersAndGoesOn(
        200, NEXT.replace("\r\n\r\n", "\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"));
    answersAndGoesOn(
        202, chunked("", size() + "\r\n" + BODY + "\r\n0\r\nContent-Length: 3\r\n\r\n"));
    answersAndGoesOn(401, post(length(), BODY).replace("Bearer", "Basic"));
    answersAndGoesOn(415, post("Content-Encoding: gzip\r\n" + length(), BODY));
    answersAndGoesOn(405, NEXT.replace("GET", "TRACE"));
  }

  private static void answersAndGoesOn(int status, String request) {
    try (var socket = new RawSocket(RUNNING.edge.address())) {
      var heard = socket.send(request + NEXT).hear(Duration.ofSeconds(2));
      assertThat(heard.statuses()).as("%s", heard).containsExactly(status, 200);
    }
  }

  @Test
  void requests_before_a_refused_one_are_still_answered_and_none_after_it() {
    try (var socket = new RawSocket(RUNNING.edge.address())) {
      var heard = socket.send(NEXT + NEXT + "GET  / HTTP/1.1\r\n\r\n" + NEXT).hear(SILENCE);
      assertThat(heard.statuses()).as("%s", heard).containsExactly(200, 200, 400);
      assertThat(heard.closed()).isTrue();
      assertThat(heard.text()).contains("application/problem+json").contains("close");
    }
  }

  @Test
  void a_byte_at_a_time_is_read_as_all_at_once() {
    try (var socket = new RawSocket(RUNNING.edge.address())) {
      var honest = chunked("", size() + ";x=y\r\n" + BODY + "\r\n0\r\nX-T: 1\r\n\r\n") + NEXT;
      // A pause at each line's end, where the pieces would otherwise be joined on their way.
      honest
          .lines()
          .forEach(line -> {
            line.chars().forEach(c -> socket.send(Character.toString(c)));
            LockSupport.parkNanos(PIECE.toNanos());
            socket.send("\r\n");
            LockSupport.parkNanos(PIECE.toNanos());
          });
      assertThat(socket.hear(Duration.ofSeconds(2)).statuses()).containsExactly(202, 200);
    }
  }

  private static String post(String headers, String body) {
    return "POST /coupons/assign HTTP/1.1\r\n"
        + HOST
        + "\r\n"
        + token()
        + "Content-Type: application/json\r\n"
        + headers
        + "\r\n"
        + body;
  }

  private static String chunked(String headers, String body) {
    return post(headers + "Transfer-Encoding: chunked\r\n", body);
  }

  private static String token() {
    return "Authorization: Bearer " + RUNNING.surroundings.issuer.token("acme") + "\r\n";
  }

  private static String length() {
    return "Content-Length: " + BODY.length() + "\r\n";
  }

  private static String size() {
    return Integer.toHexString(BODY.length());
  }
}
