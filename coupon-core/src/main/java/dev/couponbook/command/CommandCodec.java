package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one way a command becomes a message and back. Text is plain ASCII: SQS refuses some
 * characters that JSON allows.
 *
 * <p>The first member of every message is its version. A reader refuses a version that it does not
 * know, so that a message of a newer program goes to the dead letters and not half-understood into
 * the database.
 */
public final class CommandCodec {
  public static final int VERSION = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          // A record's members are its data; a question such as isJob() is not.
          .changeDefaultVisibility(v -> v.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
          .changeDefaultPropertyInclusion(i -> i.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private CommandCodec() {}

  /** The mapper of every contract of this module: ASCII out, strict in. */
  public static JsonMapper json() {
    return JSON;
  }

  public static String encode(CommandMessage message) {
    return JSON.writeValueAsString(
        new Envelope(
            VERSION,
            message.requestId(),
            message.partner(),
            message.fingerprint(),
            message.command()));
  }

  /**
   * @throws UndecodableMessageException if the text is no message of a version that this program
   *     knows
   */
  public static CommandMessage decode(String text) {
    try {
      @Nullable Envelope envelope = JSON.readValue(text, Envelope.class);
      if (envelope == null) {
        throw new UndecodableMessageException("not a command: null");
      }
      if (envelope.v() != VERSION) {
        throw new UndecodableMessageException(
            "message version " + envelope.v() + " is not known here (known: " + VERSION + ")");
      }
      return new CommandMessage(
          envelope.requestId(), envelope.partner(), envelope.fingerprint(), envelope.command());
    } catch (JacksonException e) {
      // The exception's own message quotes the text, and with it codes and addresses.
      throw new UndecodableMessageException("not a command: " + e.getClass().getSimpleName());
    }
  }

  /** The JSON of an outcome's body. */
  public static String encodeBody(Map<String, Object> body) {
    return JSON.writeValueAsString(body);
  }

  private record Envelope(
      int v, RequestId requestId, PartnerId partner, Fingerprint fingerprint, Command command) {
    Envelope {
      requireNonNull(requestId, "requestId");
      requireNonNull(partner, "partner");
      requireNonNull(fingerprint, "fingerprint");
      requireNonNull(command, "command");
    }
  }
}
