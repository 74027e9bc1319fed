package dev.couponbook.command;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.Times;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What the edge tells the loader about an uploaded file. The edge signs it into the address that it
 * hands out, and the bucket keeps it as the object's metadata: nobody without such an address can
 * have written it.
 *
 * @param fileName as the partner named it; older objects may lack it
 * @param length announced length of the file, in bytes
 * @param sha256 of the file, in base64
 */
public record UploadMetadata(
    BookId book,
    PartnerId partner,
    LoadId upload,
    @Nullable String fileName,
    long length,
    LoadOptions options,
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
  private static final String MAX_REJECTS = "max-rejects";
  private static final String LAYOUT = "layout";
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
    metadata.put(ON_DUPLICATE, options.failOnDuplicate() ? "fail" : "skip");
    metadata.put(DRY_RUN, Boolean.toString(options.dryRun()));
    if (options.expiration() != null) {
      metadata.put(EXPIRATION, options.expiration().toString());
    }
    if (options.maxRejects() != null) {
      metadata.put(MAX_REJECTS, options.maxRejects().toString());
    }
    if (!options.layout().equals(StatedLayout.NOTHING)) {
      metadata.put(LAYOUT, encoded(options.layout()));
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
          options(metadata),
          metadata.get(SHA256));
    } catch (NumberFormatException e) {
      throw new InvalidValueException("metadata that the edge does not write");
    }
  }

  private static LoadOptions options(Map<String, String> metadata) {
    var maxRejects = metadata.get(MAX_REJECTS);
    var layout = metadata.get(LAYOUT);
    return new LoadOptions(
        flag(metadata, ON_DUPLICATE, "skip", "fail"),
        flag(metadata, DRY_RUN, "false", "true"),
        expiration(metadata.get(EXPIRATION)),
        maxRejects == null ? null : Long.valueOf(maxRejects),
        layout == null ? StatedLayout.NOTHING : decoded(layout));
  }

  /** The layout as the metadata has it: JSON in base64, as metadata is short and ASCII. */
  public static String encoded(StatedLayout layout) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Json.mapper().writeValueAsBytes(layout));
  }

  private static StatedLayout decoded(String layout) {
    try {
      return Json.mapper().readValue(Base64.getUrlDecoder().decode(layout), StatedLayout.class);
    } catch (IllegalArgumentException | JacksonException e) {
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
    return text == null ? null : Times.parse(EXPIRATION, text);
  }
}
