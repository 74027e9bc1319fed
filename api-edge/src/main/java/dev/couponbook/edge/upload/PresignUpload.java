package dev.couponbook.edge.upload;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.file.FileSettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * Signs one PUT of one file: its key, length, checksum and options are in the signature, and it
 * never replaces a file. Whoever reads the object later finds all that was asked for in its
 * metadata.
 */
@Singleton
final class PresignUpload {
  private static final Duration LENT = Duration.ofMinutes(15);

  private final S3Presigner presigner;
  private final FileSettings settings;

  PresignUpload(S3Presigner presigner, FileSettings settings) {
    this.presigner = presigner;
    this.settings = settings;
  }

  /** A request that the partner can send as it stands. */
  record SignedPut(String url, Map<String, String> headers, Instant expiresAt) {}

  SignedPut presign(PartnerId partner, LoadId id, UploadBody asked) {
    var put =
        PutObjectRequest.builder()
            .bucket(settings.bucket())
            .key(key(partner, id))
            .contentLength(asked.length())
            .contentType(contentType(asked.fileName()))
            .ifNoneMatch("*")
            .checksumSHA256(asked.checksum())
            .metadata(metadata(partner, id, asked))
            .build();
    var signed = presigner.presignPutObject(p -> p.signatureDuration(LENT).putObjectRequest(put));
    return new SignedPut(signed.url().toString(), headersToSend(signed), signed.expiration());
  }

  static String key(PartnerId partner, LoadId id) {
    return "uploads/" + partner.value() + "/" + id + ".csv";
  }

  /** What the loader finds with the file. */
  static Map<String, String> metadata(PartnerId partner, LoadId id, UploadBody asked) {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("book", asked.bookId().toString());
    metadata.put("partner", Integer.toString(partner.value()));
    metadata.put("upload", id.toString());
    metadata.put("request", id.toString());
    metadata.put("file-name", asked.encodedName());
    metadata.put("length", Long.toString(asked.length()));
    metadata.put("on-duplicate", asked.duplicates());
    metadata.put("dry-run", Boolean.toString(asked.isDryRun()));
    var checksum = asked.checksum();
    if (checksum != null) {
      metadata.put("sha256", checksum);
    }
    var expiration = asked.expiration();
    if (expiration != null) {
      metadata.put("expiration", expiration.toString());
    }
    return metadata;
  }

  static String contentType(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith(".gz") ? "application/gzip" : "text/csv";
  }

  // Every signed header must be sent, or the signature does not hold; Host every client sends
  // itself.
  private static Map<String, String> headersToSend(PresignedPutObjectRequest signed) {
    var headers = new TreeMap<String, String>();
    signed
        .signedHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    headers.remove("host");
    return headers;
  }
}
