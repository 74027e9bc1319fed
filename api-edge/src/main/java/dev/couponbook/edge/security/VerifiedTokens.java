package dev.couponbook.edge.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JWSVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tokens whose signature was verified, by their SHA-256: a partner sends the same one for an hour,
 * and verifying it is the most expensive part of a small request. Whether such a token is valid
 * <em>now</em> is not known here; {@link TokenCheck} asks on every call.
 */
final class VerifiedTokens {
  // About 5 MB. Only the issuer can fill it: a token that is not signed is not kept.
  static final int TOKENS = 10_000;

  private final Cache<ByteBuffer, Verified> byHash;

  VerifiedTokens(Clock clock) {
    this.byHash =
        Caffeine.newBuilder()
            .maximumSize(TOKENS)
            .expireAfter(
                Expiry.<ByteBuffer, Verified>creating(
                    (_, token) -> Duration.between(clock.instant(), token.until)))
            .build();
  }

  /**
   * A token that was signed by the issuer.
   *
   * @param keyId as the token names its key
   * @param key what the signature was verified with
   * @param from the later of its {@code nbf} and {@code iat}
   * @param until its {@code exp}
   */
  record Verified(
      String keyId, JWSVerifier key, Instant from, Instant until, TokenCheck.Proof proof) {}

  Optional<Verified> find(String token) {
    return Optional.ofNullable(byHash.getIfPresent(hash(token)));
  }

  void keep(String token, Verified verified) {
    byHash.put(hash(token), verified);
  }

  /** How many are kept, after expired ones have been dropped. */
  long size() {
    byHash.cleanUp();
    return byHash.estimatedSize();
  }

  // The token itself is a credential, and should not stay in the heap for an hour.
  private static ByteBuffer hash(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
