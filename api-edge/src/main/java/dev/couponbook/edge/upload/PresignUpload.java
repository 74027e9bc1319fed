package dev.couponbook.edge.upload;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.file.FileSettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * Signs one PUT of one file: its key, length, checksum and options are in the signature, and it
 * never replaces a file. The loader finds everything that was asked for in the object's metadata.
 */
@Singleton
final class PresignUpload {
  /** How long the address is valid. */
  static final Duration LENT = Duration.ofMinutes(15);

  private final S3Presigner presigner;
  private final FileSettings settings;

  PresignUpload(S3Presigner presigner, FileSettings settings) {
    this.presigner = presigner;
    this.settings = settings;
  }

  /** A request that the partner can send as it stands. */
  record SignedPut(String url, Map<String, String> headers, Instant expiresAt) {}

  SignedPut presign(PartnerId partner, LoadId id, UploadBody asked) {
    var metadata = asked.metadata(partner, id);
    var put =
        PutObjectRequest.builder()
            .bucket(settings.bucket())
            .key(metadata.key())
            .contentLength(metadata.length())
            .contentType(contentType(asked.fileName()))
            .ifNoneMatch("*")
            .checksumSHA256(metadata.sha256())
            .metadata(metadata.toMap())
            .build();
    var signed = presigner.presignPutObject(p -> p.signatureDuration(LENT).putObjectRequest(put));
    return new SignedPut(signed.url().toString(), headersToSend(signed), signed.expiration());
  }

  static String contentType(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith(".gz") ? "application/gzip" : "text/csv";
  }

  // Every signed header must be sent, or the signature is not valid; clients send Host by
  // themselves.
  private static Map<String, String> headersToSend(PresignedPutObjectRequest signed) {
    var headers = new TreeMap<String, String>();
    signed
        .signedHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    headers.remove("host");
    return headers;
  }
}
