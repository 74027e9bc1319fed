package dev.couponbook.command;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.couponbook.json.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Several messages that travel in one, so that a call to the queue carries many commands. It is no
 * more than a wrapper: each message in it is the one that would have been sent alone, and has its
 * own outcome. What has gone wrong once is taken apart and goes on singly, so that a dead letter
 * holds one command.
 */
public final class CommandEnvelope {
  public static final int VERSION = 2;

  /**
   * The attribute of a message, whether it is an envelope or not, that says where its sender hears
   * of outcomes ({@link dev.couponbook.store.batch.TellOutcomes}). A message of which nobody awaits
   * an outcome has none.
   */
  public static final String ANSWER_TO = "answerTo";

  private CommandEnvelope() {}

  /** The attribute of a message that travels alone which holds its trace (W3C Trace Context). */
  public static final String TRACEPARENT = "traceparent";

  /**
   * A message in an envelope.
   *
   * @param traceparent the trace that would travel beside it
   * @param message as it would be sent alone
   */
  public record Enclosed(@Nullable String traceparent, @JsonRawValue String message) {}

  private record Envelope(int v, List<Enclosed> messages) {}

  /** The text of an envelope, as plain ASCII JSON. */
  public static String write(List<Enclosed> messages) {
    return Json.mapper().writeValueAsString(new Envelope(VERSION, messages));
  }

  /**
   * Takes an envelope apart without reading what the messages say, so that one which cannot be read
   * does not keep the others.
   *
   * @return empty if the text is no envelope
   */
  public static Optional<List<Enclosed>> takeApart(String text) {
    JsonNode messages;
    try {
      messages = Json.mapper().readTree(text).path("messages");
    } catch (JacksonException e) {
      return Optional.empty();
    }
    return messages.isArray()
        ? Optional.of(messages.valueStream().map(CommandEnvelope::enclosed).toList())
        : Optional.empty();
  }

  private static Enclosed enclosed(JsonNode enclosed) {
    return new Enclosed(
        enclosed.path(TRACEPARENT).asStringOpt().orElse(null),
        Json.mapper().writeValueAsString(enclosed.path("message")));
  }
}
