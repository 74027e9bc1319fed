package dev.couponbook.edge.id;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;

/** HMAC-SHA256 under the edge's own key. */
public final class KeyedHash {
  static final String ALGORITHM = "HmacSHA256";

  // 64 bits: at a million guesses per second, one hit in 300,000 years.
  private static final int TAG_BYTES = 8;

  /** Characters of a tag. */
  public static final int TAG_LENGTH = 2 * TAG_BYTES;

  private final RequestIdKey key;

  public KeyedHash(RequestIdKey key) {
    this.key = key;
  }

  public byte[] of(String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key.key());
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
    }
  }

  /** Proves the text to be ours: the beginning of its hash, in hexadecimal. */
  public String tag(String text) {
    return HexFormat.of().formatHex(of(text), 0, TAG_BYTES);
  }

  /** Compares in constant time: how far a guess is right must not show in how long it takes. */
  public static boolean isSame(String given, String own) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), own.getBytes(StandardCharsets.UTF_8));
  }
}
