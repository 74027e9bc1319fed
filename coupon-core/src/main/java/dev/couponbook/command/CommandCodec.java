package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The only conversion between commands and messages.
 *
 * <p>The first member of every message is its version. Version 1 is one command. Version 2 is an
 * envelope of several messages of version 1, each with the trace that would otherwise travel beside
 * it: {@link CommandEnvelope}. A reader refuses a version that it does not know, so that a message
 * from a newer program goes to the dead letters rather than half-understood into the database.
 */
public final class CommandCodec {
  public static final int VERSION = 1;

  private CommandCodec() {}

  /** The message of one command, as plain ASCII JSON. */
  public static String encode(CommandMessage message) {
    return Json.mapper().writeValueAsString(Body.of(message));
  }

  /**
   * Reads the message of one command.
   *
   * @throws UndecodableMessageException if the text is not a message of a version that this program
   *     knows, or is an envelope
   */
  public static CommandMessage decode(String text) {
    return read(text, Body.class).one();
  }

  /**
   * Reads the commands of a message: one, or those in an envelope, in their order.
   *
   * @throws UndecodableMessageException if the text is neither, or one of several cannot be read
   */
  public static List<CommandMessage> decodeAll(String text) {
    var body = read(text, Body.class);
    return body.messages() == null ? List.of(body.one()) : body.enclosed();
  }

  static <T> T read(String text, Class<T> type) {
    try {
      @Nullable T value = Json.mapper().readValue(text, type);
      if (value == null) {
        throw new UndecodableMessageException("not a command: null");
      }
      return value;
    } catch (JacksonException e) {
      // The exception's own message quotes the text, and with it codes and addresses.
      throw new UndecodableMessageException("not a command: " + e.getClass().getSimpleName());
    }
  }

  /** The members of both versions; those of the other one are null. */
  private record Body(
      int v,
      @Nullable RequestId requestId,
      @Nullable PartnerId partner,
      @Nullable Fingerprint fingerprint,
      @Nullable Command command,
      @Nullable List<Enclosed> messages) {

    private record Enclosed(@Nullable String traceparent, Body message) {
      Enclosed {
        requireNonNull(message, "message");
      }
    }

    // What is thrown here is a JacksonException to whoever reads.
    Body {
      if (messages != null) {
        requireEnvelopeOnly(messages, requestId, partner, fingerprint, command);
      } else {
        requireNonNull(requestId, "requestId");
        requireNonNull(partner, "partner");
        requireNonNull(fingerprint, "fingerprint");
        requireNonNull(command, "command");
      }
    }

    private static void requireEnvelopeOnly(
        List<Enclosed> messages, @Nullable Object... membersOfOne) {
      messages.forEach(message -> requireNonNull(message, "message"));
      if (messages.isEmpty() || !Stream.of(membersOfOne).allMatch(Objects::isNull)) {
        throw new IllegalArgumentException("an empty envelope, or one with a command of its own");
      }
    }

    static Body of(CommandMessage message) {
      return new Body(
          VERSION,
          message.requestId(),
          message.partner(),
          message.fingerprint(),
          message.command(),
          null);
    }

    CommandMessage one() {
      requireVersion(VERSION);
      if (requestId == null || partner == null || fingerprint == null || command == null) {
        throw new UndecodableMessageException("an envelope, where one command was expected");
      }
      return new CommandMessage(requestId, partner, fingerprint, command);
    }

    List<CommandMessage> enclosed() {
      requireVersion(CommandEnvelope.VERSION);
      return requireNonNull(messages).stream().map(enclosed -> enclosed.message().one()).toList();
    }

    private void requireVersion(int known) {
      if (v != known) {
        throw new UndecodableMessageException(
            "message version %d is not known here (known: %d, and %d for envelopes)"
                .formatted(v, VERSION, CommandEnvelope.VERSION));
      }
    }
  }
}
