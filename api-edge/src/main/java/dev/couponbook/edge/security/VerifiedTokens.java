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
 * Tokens whose signature held, by their SHA-256: a partner sends the same one for an hour, and to
 * verify it is the dearest part of a small request. Whether such a token holds <em>now</em> is not
 * said here; {@link TokenCheck} asks each time.
 */
final class VerifiedTokens {
  // Some 5 MB. Nobody but the issuer can fill it: what is not signed is not kept.
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

  /** How many are kept, once all that is over has been dropped. */
  long size() {
    byHash.cleanUp();
    return byHash.estimatedSize();
  }

  // The token itself is a credential, and need not lie in the heap for an hour.
  private static ByteBuffer hash(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
