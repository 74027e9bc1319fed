package dev.couponbook.edge.request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code Prefer: wait=N} (RFC 7240, 4.3): answer with the outcome if it comes within N seconds. */
public final class PreferWait {
  public static final String HEADER = "Prefer";

  // Proxies and load balancers cut idle connections from 30 s on.
  static final Duration LONGEST = Duration.ofSeconds(25);
  private static final Pattern WAIT =
      Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private PreferWait() {}

  /**
   * How long to wait, cut at the longest; none if it was not asked for. What is not understood is
   * ignored, as the RFC wants.
   */
  public static Optional<Duration> parse(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Pattern.compile(",").splitAsStream(header))
        .map(preference -> WAIT.matcher(preference.strip()))
        .filter(wait -> wait.matches())
        .findFirst() // RFC 7240, 2: of a preference given twice, the first counts
        .map(wait -> Duration.ofSeconds(Long.parseLong(wait.group(1))))
        .filter(Duration::isPositive)
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }
}
