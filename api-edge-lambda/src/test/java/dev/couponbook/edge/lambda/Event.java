package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Events as API Gateway sends them, read as Lambda's runtime reads them. */
final class Event {
  private Event() {}

  /** The event of the file {@code events/<name>.json}, with what only a test knows filled in. */
  static APIGatewayV2HTTPEvent named(String name, String token) {
    return LambdaEventSerializers.serializerFor(
            APIGatewayV2HTTPEvent.class, Event.class.getClassLoader())
        .fromJson(read(name).replace("${token}", token).replace("${long}", "x".repeat(256 * 1024)));
  }

  private static String read(String name) {
    try (var file = Event.class.getResourceAsStream("/events/" + name + ".json")) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
