package dev.couponbook.edge.security;

import dev.couponbook.coupon.PartnerId;
import io.micronaut.http.HttpRequest;
import java.util.Optional;

/** Who sent the request, by its token. */
public record Caller(PartnerId partner) {
  private static final String ATTRIBUTE = "dev.couponbook.caller";

  /**
   * Who sent the request.
   *
   * @throws IllegalStateException on a route that is open to all
   */
  public static Caller of(HttpRequest<?> request) {
    return find(request)
        .orElseThrow(() -> new IllegalStateException("a route without token has no caller"));
  }

  /** Who sent the request; empty on a route that is open to all and before the token check. */
  public static Optional<Caller> find(HttpRequest<?> request) {
    return request.getAttribute(ATTRIBUTE, Caller.class);
  }

  void attachTo(HttpRequest<?> request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
