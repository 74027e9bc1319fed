package dev.couponbook.edge.file;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Lends a file to its partner for five minutes. The address is a credential: it is never logged.
 */
@Singleton
public final class FileLinks {
  private static final Duration LENT = Duration.ofMinutes(5);

  private final S3Presigner presigner;
  private final FileSettings settings;

  FileLinks(S3Presigner presigner, FileSettings settings) {
    this.presigner = presigner;
    this.settings = settings;
  }

  /** 303 to the file of that key. */
  public MutableHttpResponse<?> redirect(String key) {
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

  private static String fileName(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** Signs with the SDK's own settings: region, credentials, and the address, if it is the same. */
  @Factory
  static final class Presigner {
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
