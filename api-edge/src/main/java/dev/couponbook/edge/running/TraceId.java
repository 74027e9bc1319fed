package dev.couponbook.edge.running;

import io.micronaut.http.HttpRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names one call through all programs (W3C Trace Context): the caller's own id if it sent a valid
 * one, or a new one. It is not a secret.
 */
public record TraceId(String hex) {
  /** The name of the header that a caller may send. */
  private static final String TRACEPARENT = "traceparent";

  private static final String ATTRIBUTE = "dev.couponbook.trace";
  // Any other generator would draw the same numbers in every copy of one snapshot.
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern HEADER =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** The trace of the request; the same whenever it is asked for. */
  public static TraceId of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, TraceId.class)
        .orElseGet(() -> {
          var trace = read(request);
          request.setAttribute(ATTRIBUTE, trace);
          return trace;
        });
  }

  private static TraceId read(HttpRequest<?> request) {
    var header = HEADER.matcher(String.valueOf(request.getHeaders().get(TRACEPARENT)));
    return header.matches() ? new TraceId(header.group(1)) : new TraceId(hex(2));
  }

  /** As the next program gets it, with a new span under this trace. */
  public String traceparent() {
    return "00-" + hex + "-" + hex(1) + "-01";
  }

  private static String hex(int longs) {
    var text = new StringBuilder();
    for (int i = 0; i < longs; i++) {
      text.append(HexFormat.of().toHexDigits(RANDOM.nextLong() | 1)); // never all zeros
    }
    return text.toString();
  }
}
