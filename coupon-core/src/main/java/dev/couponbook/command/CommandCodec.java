package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The only conversion between commands and messages.
 *
 * <p>The first member of every message is its version. A reader refuses a version that it does not
 * know, so that a message from a newer program goes to the dead letters rather than half-understood
 * into the database.
 */
public final class CommandCodec {
  public static final int VERSION = 1;

  private CommandCodec() {}

  /** The message as plain ASCII JSON, in the current version. */
  public static String encode(CommandMessage message) {
    return Json.mapper()
        .writeValueAsString(
            new Envelope(
                VERSION,
                message.requestId(),
                message.partner(),
                message.fingerprint(),
                message.command()));
  }

  /**
   * Reads a message.
   *
   * @throws UndecodableMessageException if the text is not a message of a version that this program
   *     knows
   */
  public static CommandMessage decode(String text) {
    try {
      @Nullable Envelope envelope = Json.mapper().readValue(text, Envelope.class);
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
