package dev.couponbook.command;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of what was asked, in hexadecimal. Two requests with the same fingerprint ask for the
 * same thing.
 */
public record Fingerprint(@JsonValue String hex) {
  /** Digits of the beginning: enough to tell two requests under one key from one another. */
  public static final int BEGINNING = 8;

  @JsonCreator
  public Fingerprint {}

  public static Fingerprint of(String asked) {
    return new Fingerprint(
        HexFormat.of().formatHex(sha256().digest(asked.getBytes(StandardCharsets.UTF_8))));
  }

  public static Fingerprint of(byte[] digest) {
    return new Fingerprint(HexFormat.of().formatHex(digest));
  }

  /** The first digits. */
  public String beginning() {
    return hex.substring(0, BEGINNING);
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
