package dev.couponbook.command;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the edge tells the loader about an uploaded file. The edge signs it into the address that it
 * hands out, and the bucket keeps it as the object's metadata: nobody without such an address can
 * have written it.
 *
 * @param fileName as the partner named it; older objects may lack it
 * @param length announced length of the file, in bytes
 * @param failOnDuplicate whether a single code that exists already fails the whole file
 * @param expiration for codes whose line has none
 * @param sha256 of the file, in base64
 */
public record UploadMetadata(
    BookId book,
    PartnerId partner,
    LoadId upload,
    @Nullable String fileName,
    long length,
    boolean failOnDuplicate,
    boolean dryRun,
    @Nullable Instant expiration,
    @Nullable String sha256) {
  /** The folder of all uploaded files, whoever sent them. */
  public static final String FOLDER = "uploads/";

  private static final String BOOK = "book";
  private static final String PARTNER = "partner";
  private static final String UPLOAD = "upload";
  private static final String FILE_NAME = "file-name";
  private static final String LENGTH = "length";
  private static final String ON_DUPLICATE = "on-duplicate";
  private static final String DRY_RUN = "dry-run";
  private static final String EXPIRATION = "expiration";
  private static final String SHA256 = "sha256";

  /** The key of an upload's file: {@code uploads/<partner>/<upload>.csv}. */
  public static String key(PartnerId partner, LoadId upload) {
    return FOLDER + partner.value() + "/" + upload + ".csv";
  }

  /** The key that an object with this metadata must have. */
  public String key() {
    return key(partner, upload);
  }

  /** The metadata as an object carries it: plain ASCII, names in lower case. */
  public Map<String, String> toMap() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put(BOOK, book.toString());
    metadata.put(PARTNER, Integer.toString(partner.value()));
    metadata.put(UPLOAD, upload.toString());
    if (fileName != null) {
      metadata.put(FILE_NAME, PercentEncoding.encode(fileName));
    }
    metadata.put(LENGTH, Long.toString(length));
    metadata.put(ON_DUPLICATE, failOnDuplicate ? "fail" : "skip");
    metadata.put(DRY_RUN, Boolean.toString(dryRun));
    if (expiration != null) {
      metadata.put(EXPIRATION, expiration.toString());
    }
    if (sha256 != null) {
      metadata.put(SHA256, sha256);
    }
    return metadata;
  }

  /**
   * Reads the metadata of an object; unknown names are ignored.
   *
   * @throws InvalidValueException if the edge cannot have written it
   */
  public static UploadMetadata of(Map<String, String> metadata) {
    try {
      return new UploadMetadata(
          BookId.parse(metadata.getOrDefault(BOOK, "")),
          new PartnerId(Integer.parseInt(metadata.getOrDefault(PARTNER, ""))),
          LoadId.parse(metadata.getOrDefault(UPLOAD, "")),
          fileName(metadata.get(FILE_NAME)),
          Long.parseLong(metadata.getOrDefault(LENGTH, "")),
          flag(metadata, ON_DUPLICATE, "skip", "fail"),
          flag(metadata, DRY_RUN, "false", "true"),
          expiration(metadata.get(EXPIRATION)),
          metadata.get(SHA256));
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
}
