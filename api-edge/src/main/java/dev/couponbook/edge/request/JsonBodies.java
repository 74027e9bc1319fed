package dev.couponbook.edge.request;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemException;
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
import io.micronaut.json.body.JsonMessageHandler;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every JSON body in and out: in through {@link StrictJson}, out as plain ASCII. */
@Singleton
@Replaces(JsonMessageHandler.class) // which needs a mapper that reads leniently
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
final class JsonBodies<T> implements MessageBodyHandler<T> {
  @Override
  public T read(
      Argument<T> type, @Nullable MediaType mediaType, Headers headers, ByteBuffer<?> buffer) {
    // RFC 9110, 8.4: who does not take a content coding may say so with 415.
    if (mediaType == null || headers.contains(HttpHeaders.CONTENT_ENCODING)) {
      throw new ProblemException(
          Problem.of(
              415, "unsupported_media_type", "A body must be application/json, and not encoded"),
          Map.of());
    }
    var value = StrictJson.read(buffer.toByteArray(), type.getType());
    // Only here: where reading fails, the caller gives the buffer back.
    if (buffer instanceof ReferenceCounted counted) {
      counted.release();
    }
    return value;
  }

  @Override
  public T read(
      Argument<T> type, @Nullable MediaType mediaType, Headers headers, InputStream input) {
    try {
      return StrictJson.read(input.readAllBytes(), type.getType());
    } catch (IOException e) {
      throw new CodecException("the body cannot be read", e);
    }
  }

  @Override
  public void writeTo(
      Argument<T> type, MediaType mediaType, T body, MutableHeaders headers, OutputStream output) {
    if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
      headers.set(HttpHeaders.CONTENT_TYPE, mediaType);
    }
    CommandCodec.json().writeValue(output, body);
  }
}
