package dev.couponbook.edge.body;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.json.Json;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.io.buffer.ByteBuffer;
import io.micronaut.core.io.buffer.ReferenceCounted;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.Headers;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.MessageBodyHandler;
import io.micronaut.http.codec.CodecException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.json.body.JsonMessageHandler;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every JSON body in and out: in through {@link StrictJson}, out as plain ASCII. */
@Singleton
@Replaces(JsonMessageHandler.class) // that one needs a lenient mapper
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
final class JsonBodies<T> implements MessageBodyHandler<T> {
  private final int longest;

  JsonBodies(HttpServerConfiguration server) {
    this.longest = Math.toIntExact(server.getMaxRequestSize());
  }

  @Override
  public T read(
      Argument<T> type, @Nullable MediaType mediaType, Headers headers, ByteBuffer<?> buffer) {
    requirePlainJson(mediaType, headers);
    var value = StrictJson.read(buffer.toByteArray(), type.getType());
    // Only on success: if reading fails, the caller releases the buffer.
    if (buffer instanceof ReferenceCounted counted) {
      counted.release();
    }
    return value;
  }

  // No server of ours has looked at this body: it may be too long, or absent.
  @Override
  public @Nullable T read(
      Argument<T> type, @Nullable MediaType mediaType, Headers headers, InputStream input) {
    try {
      var bytes = input.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new ContentLengthExceededException(longest, bytes.length);
      }
      if (bytes.length == 0) {
        return null;
      }
      requirePlainJson(mediaType, headers);
      return StrictJson.read(bytes, type.getType());
    } catch (IOException e) {
      throw new CodecException("the body cannot be read", e);
    }
  }

  // RFC 9110, 8.4: a server that does not accept a content coding may answer 415.
  private static void requirePlainJson(@Nullable MediaType mediaType, Headers headers) {
    if (mediaType == null || headers.contains(HttpHeaders.CONTENT_ENCODING)) {
      throw new ProblemException(
          Problem.of(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE,
              "A body must be application/json, and not encoded"),
          Map.of());
    }
  }

  @Override
  public void writeTo(
      Argument<T> type, MediaType mediaType, T body, MutableHeaders headers, OutputStream output) {
    if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
      headers.set(HttpHeaders.CONTENT_TYPE, mediaType);
    }
    Json.mapper().writeValue(output, body);
  }
}
