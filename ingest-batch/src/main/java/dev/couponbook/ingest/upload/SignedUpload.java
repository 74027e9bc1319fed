package dev.couponbook.ingest.upload;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the edge had signed into the upload's URL: the bucket keeps it as the object's metadata, and
 * nobody without the URL's signature can have written it.
 *
 * @param length of the file as declared, in bytes
 */
record SignedUpload(
    BookId book,
    PartnerId partner,
    LoadId upload,
    @Nullable String fileName,
    boolean failOnDuplicate,
    boolean dryRun,
    @Nullable Instant expiration,
    long length,
    @Nullable String sha256) {

  /**
   * Reads the metadata of an object.
   *
   * @throws InvalidValueException if it is not what the edge writes: the object is none of ours
   */
  static SignedUpload of(Map<String, String> metadata) {
    try {
      return new SignedUpload(
          BookId.parse(metadata.getOrDefault("book", "")),
          new PartnerId(Integer.parseInt(metadata.getOrDefault("partner", ""))),
          LoadId.parse(metadata.getOrDefault("upload", "")),
          fileName(metadata.get("file-name")),
          flag(metadata, "on-duplicate", "skip", "fail"),
          flag(metadata, "dry-run", "false", "true"),
          expiration(metadata.get("expiration")),
          Long.parseLong(metadata.getOrDefault("length", "")),
          metadata.get("sha256"));
    } catch (NumberFormatException | DateTimeException e) {
      throw new InvalidValueException("metadata that the edge does not write");
    }
  }

  private static @Nullable String fileName(@Nullable String encoded) {
    return encoded == null
        ? null
        : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static boolean flag(Map<String, String> metadata, String name, String no, String yes) {
    var value = metadata.getOrDefault(name, no);
    if (!value.equals(no) && !value.equals(yes)) {
      throw new InvalidValueException("metadata " + name + " that the edge does not write");
    }
    return value.equals(yes);
  }

  private static @Nullable Instant expiration(@Nullable String text) {
    return text == null ? null : OffsetDateTime.parse(text).toInstant();
  }

  /** Where an object with this metadata must be. */
  String key() {
    return "uploads/%d/%s.csv".formatted(partner.value(), upload);
  }
}
