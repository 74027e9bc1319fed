package dev.couponbook.edge.request;

import dev.couponbook.json.Json;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Spares callers an answer that they have already: ETag and 304 (RFC 9110, 13.1.2). */
public final class EntityTag {
  private static final int BYTES = 12; // 96 bits: two answers of one request never meet

  private EntityTag() {}

  /** The answer with its tag, or 304 if the caller has it already. */
  public static <T> HttpResponse<T> conditional(
      HttpRequest<?> request, MutableHttpResponse<T> answer) {
    var tag = of(answer.body());
    answer.header(HttpHeaders.ETAG, tag);
    return isKnown(request, tag) ? answer.status(304).body(null) : answer;
  }

  private static boolean isKnown(HttpRequest<?> request, String tag) {
    return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(String::strip)
        // RFC 9110, 13.1.2: "A recipient MUST use the weak comparison function".
        .map(known -> known.startsWith("W/") ? known.substring(2) : known)
        .anyMatch(known -> known.equals(tag) || known.equals("*"));
  }

  private static String of(@Nullable Object body) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(Json.mapper().writeValueAsBytes(body));
      return '"'
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES))
          + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
