package dev.couponbook.edge.security;

import dev.couponbook.program.Environment;
import java.net.URI;

/**
 * Whose tokens are believed.
 *
 * @param keys address of the issuer's public keys (JWKS)
 * @param issuer must be the token's {@code iss}, to the letter
 */
public record TokenSettings(URI keys, String issuer) {
  public static TokenSettings from(Environment environment) {
    return new TokenSettings(
        environment.httpAddress("COUPON_JWT_JWKS_URL"), environment.text("COUPON_JWT_ISSUER"));
  }
}
