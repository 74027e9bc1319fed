package dev.couponbook.edge.upload;

import dev.couponbook.command.UploadMetadata;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.file.FileSettings;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Large files in parts that can be sent in parallel and repeated one by one. Only the bucket knows
 * of them: a file's key leads to its parts, so that nothing has to be written down here.
 */
@Singleton
final class MultipartUploads {
  /** From this length on a file is sent in parts. */
  static final long FROM = 100_000_000;

  /** How long the addresses of the parts are valid. */
  static final Duration LENT = Duration.ofHours(12);

  // A part that breaks off is sent again: that takes some seconds on an ordinary line.
  private static final long PART = 32L << 20;
  // One listing of the bucket has that many, and more addresses would make an unwieldy answer.
  private static final int MOST_PARTS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final S3AsyncClient s3;
  private final S3Presigner presigner;
  private final FileSettings settings;

  MultipartUploads(S3AsyncClient s3, S3Presigner presigner, FileSettings settings) {
    this.s3 = s3;
    this.presigner = presigner;
    this.settings = settings;
  }

  /** Where to send the parts, each a PUT of its length without further headers. */
  record Plan(List<UploadPlan.PartPlan> parts, Instant expiresAt) {}

  /** Begins the upload, or goes on with the one of the same id that was begun before. */
  Plan begin(PartnerId partner, LoadId id, UploadBody asked) {
    var key = UploadMetadata.key(partner, id);
    var upload =
        find(key).map(MultipartUpload::uploadId).orElseGet(() -> create(key, asked, partner, id));
    var parts = new ArrayList<UploadPlan.PartPlan>();
    long size = Math.max(PART, asked.length() / MOST_PARTS + 1);
    for (long from = 0; from < asked.length(); from += size) {
      int number = parts.size() + 1;
      long length = Math.min(size, asked.length() - from);
      var signed =
          presigner.presignUploadPart(p ->
              p.signatureDuration(LENT)
                  .uploadPartRequest(r ->
                      r.bucket(settings.bucket())
                          .key(key)
                          .uploadId(upload)
                          .partNumber(number)
                          .contentLength(length)));
      parts.add(new UploadPlan.PartPlan(number, length, signed.url().toString()));
    }
    return new Plan(parts, Instant.now().plus(LENT));
  }

  private String create(String key, UploadBody asked, PartnerId partner, LoadId id) {
    return answer(
            s3.createMultipartUpload(r ->
                r.bucket(settings.bucket())
                    .key(key)
                    .contentType(PresignUpload.contentType(asked.fileName()))
                    .metadata(asked.metadata(partner, id).toMap())))
        .uploadId();
  }

  /**
   * Makes a file of the parts that have come.
   *
   * @return false if there is nothing to complete: never begun, given up, or complete already
   * @throws ProblemException 409, if no part has come; 503, if the bucket is away
   */
  boolean complete(PartnerId partner, LoadId id) {
    var key = UploadMetadata.key(partner, id);
    var upload = find(key);
    if (upload.isEmpty()) {
      return false;
    }
    var parts =
        answer(
                s3.listParts(
                    r -> r.bucket(settings.bucket()).key(key).uploadId(upload.get().uploadId())))
            .parts();
    if (parts.isEmpty()) {
      throw new ProblemException(
          Problem.of(ProblemCode.PARTS_MISSING, "No part of the file has come"), Map.of());
    }
    answer(
        s3.completeMultipartUpload(r ->
            r.bucket(settings.bucket())
                .key(key)
                .uploadId(upload.get().uploadId())
                .multipartUpload(
                    m -> m.parts(parts.stream().map(MultipartUploads::completed).toList()))));
    return true;
  }

  private static CompletedPart completed(Part part) {
    return CompletedPart.builder().partNumber(part.partNumber()).eTag(part.eTag()).build();
  }

  private Optional<MultipartUpload> find(String key) {
    return answer(s3.listMultipartUploads(r -> r.bucket(settings.bucket()).prefix(key)))
        .uploads()
        .stream()
        .filter(upload -> upload.key().equals(key))
        .findFirst();
  }

  private static <T> T answer(CompletableFuture<T> asked) {
    try {
      return asked.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof S3Exception refused && refused.statusCode() < 500) {
        throw new ProblemException(
            Problem.of(ProblemCode.PARTS_REFUSED, "The bucket refused the parts: send them again"),
            Map.of());
      }
      if (e.getCause() instanceof SdkException || e.getCause() instanceof TimeoutException) {
        throw ProblemException.unavailable("The bucket does not answer", Duration.ofSeconds(5));
      }
      throw e;
    }
  }
}
