package dev.couponbook.edge.file;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Lends a file to its partner for five minutes. The address is a credential: it is never logged.
 */
@Singleton
public final class FileLinks {
  private static final Duration LENT = Duration.ofMinutes(5);
  // If the bucket does not say whether it has the file, whoever follows the link will hear from it.
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int ABSENT = 404;

  private final S3AsyncClient s3;
  private final S3Presigner presigner;
  private final FileSettings settings;

  FileLinks(S3AsyncClient s3, S3Presigner presigner, FileSettings settings) {
    this.s3 = s3;
    this.presigner = presigner;
    this.settings = settings;
  }

  /**
   * 303 to the file of that key.
   *
   * @throws ProblemException 410, if the bucket no longer has it: it ends files after their days
   */
  public MutableHttpResponse<?> redirect(String key) {
    if (isGone(key)) {
      throw new ProblemException(
          Problem.of(ProblemCode.FILE_GONE, "The file was kept for its days and is gone"),
          Map.of());
    }
    var address =
        presigner
            .presignGetObject(p ->
                p.signatureDuration(LENT)
                    .getObjectRequest(o ->
                        o.bucket(settings.bucket())
                            .key(key)
                            .responseContentDisposition(
                                "attachment; filename=\"" + fileName(key) + "\"")))
            .url();
    return HttpResponse.status(HttpStatus.SEE_OTHER)
        .header(HttpHeaders.LOCATION, address.toString())
        .header(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  /** Whether the bucket says that it has no such file. */
  private boolean isGone(String key) {
    try {
      s3.headObject(o -> o.bucket(settings.bucket()).key(key))
          .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .join();
      return false;
    } catch (CompletionException e) {
      if (e.getCause() instanceof S3Exception answer) {
        return answer.statusCode() == ABSENT;
      }
      if (e.getCause() instanceof SdkException || e.getCause() instanceof TimeoutException) {
        return false;
      }
      throw e;
    }
  }

  private static String fileName(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** With the SDK's own settings: region, credentials, and the address, if it is the same. */
  @Factory
  static final class Clients {
    @Singleton
    @Bean(preDestroy = "close")
    S3AsyncClient s3(FileSettings settings) {
      return S3AsyncClient.builder()
          .forcePathStyle(settings.pathStyle())
          // Otherwise the bucket would want checksums of parts, which presigned addresses lack.
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .build();
    }

    @Singleton
    @Bean(preDestroy = "close")
    S3Presigner presigner(FileSettings settings) {
      var builder =
          S3Presigner.builder()
              .serviceConfiguration(
                  S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
      var publicUrl = settings.publicUrl();
      return publicUrl == null ? builder.build() : builder.endpointOverride(publicUrl).build();
    }
  }
}
