package dev.couponbook.edge.limit;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts each partner's requests against their rate, and tells them in {@code RateLimit} headers
 * what is left (draft-ietf-httpapi-ratelimit-headers).
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class LimitRate {
  private static final String LEFT = "RateLimit";
  private static final String POLICY = "RateLimit-Policy";
  private static final String ATTRIBUTE = "dev.couponbook.rate";

  private final LimitSettings settings;
  private final String policy;
  private final Map<PartnerId, Bucket> buckets = new ConcurrentHashMap<>();

  LimitRate(LimitSettings settings) {
    this.settings = settings;
    this.policy =
        "\"partner\";q=%d;w=%d"
            .formatted(
                settings.burst(), Math.ceilDiv(settings.burst(), settings.requestsPerSecond()));
  }

  // After the token check, which says whose request it is.
  @RequestFilter
  void count(HttpRequest<?> request) {
    Caller.find(request)
        .ifPresent(caller -> {
          var probe = bucket(caller.partner()).tryConsumeAndReturnRemaining(1);
          if (probe.isConsumed()) {
            request.setAttribute(ATTRIBUTE, left(probe));
          } else {
            throw refusal(probe);
          }
        });
  }

  @ResponseFilter
  void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
    Optional<String> left = request.getAttribute(ATTRIBUTE, String.class);
    left.ifPresent(text -> response.header(LEFT, text).header(POLICY, policy));
  }

  private ProblemException refusal(ConsumptionProbe probe) {
    return new ProblemException(
        Problem.of(ProblemCode.RATE_LIMITED, "Too many requests of this partner"),
        Map.of(
            HttpHeaders.RETRY_AFTER,
            Long.toString(seconds(probe.getNanosToWaitForRefill())),
            LEFT,
            left(probe),
            POLICY,
            policy));
  }

  private Bucket bucket(PartnerId partner) {
    return buckets.computeIfAbsent(
        partner,
        _ ->
            Bucket.builder()
                .addLimit(limit ->
                    limit
                        .capacity(settings.burst())
                        .refillGreedy(settings.requestsPerSecond(), Duration.ofSeconds(1)))
                .build());
  }

  private static String left(ConsumptionProbe probe) {
    return "\"partner\";r=%d;t=%d"
        .formatted(probe.getRemainingTokens(), seconds(probe.getNanosToWaitForReset()));
  }

  private static long seconds(long nanos) {
    return Math.max(1, Math.ceilDiv(nanos, Duration.ofSeconds(1).toNanos()));
  }
}
