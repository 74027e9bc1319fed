package dev.couponbook.pattern;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What makes the codes of one load unguessable: anyone who has it can make them all again. 128
 * random bits, new for each load.
 */
public record GeneratorKey(String base64) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16; // a key of AES-128

  public GeneratorKey {
    if (Base64.getDecoder().decode(base64).length != BYTES) {
      throw new IllegalArgumentException("a generator key has " + BYTES + " bytes");
    }
  }

  /** A new random key. */
  public static GeneratorKey mint() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new GeneratorKey(Base64.getEncoder().encodeToString(bytes));
  }

  byte[] bytes() {
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public String toString() {
    return "a generator key";
  }
}
