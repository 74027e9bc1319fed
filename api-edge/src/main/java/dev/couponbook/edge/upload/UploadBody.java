package dev.couponbook.edge.upload;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.couponbook.command.PercentEncoding;
import dev.couponbook.command.UploadMetadata;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file of codes that is to come. */
public record UploadBody(
    BookId bookId,
    String fileName,
    Long contentLength,
    @Nullable String sha256,
    @Nullable OnDuplicate onDuplicate,
    @Nullable Boolean dryRun,
    @Nullable Instant expiration,
    @Nullable Long maxRejects,
    @Nullable LayoutBody layout) {
  static final int MAX_NAME = 255;

  // Object metadata may have 2 KiB in all, and a name there is percent-encoded.
  private static final int MAX_ENCODED_NAME = 1_024;
  private static final int MAX_ENCODED_LAYOUT = 640;
  private static final long MAX_LENGTH = 64L << 30; // 30 bytes for each code that a book can have
  // As the description has it: 32 bytes in either form.
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=");

  /** What a code that exists already does to its load. */
  public enum OnDuplicate {
    SKIP,
    FAIL;

    @JsonCreator
    static OnDuplicate of(String text) {
      return switch (text) {
        case "skip" -> SKIP;
        case "fail" -> FAIL;
        default -> throw new InvalidValueException("onDuplicate must be skip or fail");
      };
    }

    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The length, if a book can have so many codes. */
  long length() {
    if (contentLength < 0) {
      throw ProblemException.invalid("contentLength", "contentLength must be 0 or more");
    }
    if (contentLength > MAX_LENGTH) {
      throw new ProblemException(
          Problem.of(
                  ProblemCode.FILE_TOO_LARGE,
                  "A file may have 64 GiB (" + MAX_LENGTH + " bytes) at most: split it")
              .at("contentLength"),
          Map.of());
    }
    return contentLength;
  }

  /** The file's name, if an object's metadata can carry it. */
  String checkedName() {
    if (fileName.isBlank()
        || fileName.codePointCount(0, fileName.length()) > MAX_NAME
        || fileName.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.invalid(
          "fileName",
          "fileName must have 1 to " + MAX_NAME + " characters, none of them control characters");
    }
    if (PercentEncoding.encode(fileName).length() > MAX_ENCODED_NAME) {
      throw ProblemException.invalid("fileName", "fileName is too long");
    }
    return fileName;
  }

  /** The checksum in base64, as S3 wants it. */
  @Nullable String checksum() {
    if (sha256 == null) {
      return null;
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw ProblemException.invalid(
          "sha256", "sha256 must be 64 hexadecimal digits, or 44 characters of base64");
    }
    var bytes =
        sha256.endsWith("=") ? Base64.getDecoder().decode(sha256) : HexFormat.of().parseHex(sha256);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * What is asked of the load.
   *
   * @throws ProblemException 400, if a value is not one that can be asked for
   */
  LoadOptions options() {
    if (maxRejects != null && maxRejects < 0) {
      throw ProblemException.invalid("maxRejects", "maxRejects must be 0 or more");
    }
    var stated = layout == null ? StatedLayout.NOTHING : layout.stated();
    if (UploadMetadata.encoded(stated).length() > MAX_ENCODED_LAYOUT) {
      throw ProblemException.invalid("layout", "layout is too long: name columns by their numbers");
    }
    return new LoadOptions(
        onDuplicate == OnDuplicate.FAIL, dryRun != null && dryRun, expiration, maxRejects, stated);
  }

  /**
   * What the loader finds with the file.
   *
   * @throws ProblemException 400 or 413, if a value is not one that a file can have
   */
  UploadMetadata metadata(PartnerId partner, LoadId id) {
    var checked = checksum();
    return new UploadMetadata(bookId, partner, id, checkedName(), length(), options(), checked);
  }
}
