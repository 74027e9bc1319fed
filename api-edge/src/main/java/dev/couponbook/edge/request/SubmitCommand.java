package dev.couponbook.edge.request;

import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.limit.GuessLimits;
import dev.couponbook.edge.queue.CommandSender;
import dev.couponbook.edge.running.TraceId;
import dev.couponbook.json.Json;
import dev.couponbook.store.read.ReadRequests.Finished;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes a command in: sends it, and answers that it is kept or waits for its outcome. */
@Singleton
public final class SubmitCommand {
  private final RequestIds ids;
  private final KnownRequests known;
  private final GuessLimits guesses;
  private final AcceptedKeys accepted;
  private final CommandSender sender;
  private final WaitingRoom waitingRoom;
  private final RequestAnswers answers;

  SubmitCommand(
      RequestIds ids,
      KnownRequests known,
      GuessLimits guesses,
      AcceptedKeys accepted,
      CommandSender sender,
      WaitingRoom waitingRoom,
      RequestAnswers answers) {
    this.ids = ids;
    this.known = known;
    this.guesses = guesses;
    this.accepted = accepted;
    this.sender = sender;
    this.waitingRoom = waitingRoom;
    this.answers = answers;
  }

  /** 202 once the command is kept, or its outcome, if that was preferred and came in time. */
  public HttpResponse<?> submit(HttpRequest<?> request, Command command) {
    var asked = Asked.of(request);
    var fingerprint = fingerprint(command);
    var trace = TraceId.of(request);
    if (asked.key().isEmpty()) {
      EndsToCome.require(command, Instant.now());
      var id = ids.mint();
      guesses.begin(asked.partner(), id, command);
      var message = new CommandMessage(id, asked.partner(), fingerprint, command);
      return sent(asked, message, address -> sender.send(message, trace, address));
    }
    var id = ids.derive(asked.partner(), asked.key().get());
    var earlier = known.find(asked.partner(), id);
    if (earlier.finished() != null) {
      AcceptedKeys.requireSame(earlier.finished().fingerprint(), fingerprint);
      return answers.replayed(asked, earlier.finished());
    }
    AcceptedKeys.requireUnused(earlier);
    EndsToCome.require(command, Instant.now());
    guesses.begin(asked.partner(), id, command);
    var message = new CommandMessage(id, asked.partner(), fingerprint, command);
    // After a restart it is sent once more: the worker drops an id that has an outcome.
    return sent(
        asked,
        message,
        address -> accepted.once(id, fingerprint, () -> sender.send(message, trace, address)));
  }

  private HttpResponse<?> sent(
      Asked asked, CommandMessage message, Consumer<@Nullable String> send) {
    if (asked.patience().isEmpty()) {
      send.accept(null);
      return answers.kept(asked.partner(), message.requestId(), message.fingerprint());
    }
    try (var place = waitingRoom.enter(asked.partner(), message.requestId())) {
      send.accept(waitingRoom.address().orElse(null));
      return outcomeOrKept(asked, message, place.await(asked.patience().get()));
    }
  }

  private HttpResponse<?> outcomeOrKept(
      Asked asked, CommandMessage message, Optional<Finished> outcome) {
    if (outcome.isEmpty()) {
      return answers.kept(asked.partner(), message.requestId(), message.fingerprint());
    }
    // Another edge may have taken the key for something else since we looked.
    AcceptedKeys.requireSame(outcome.get().fingerprint(), message.fingerprint());
    return answers.outcome(outcome.get());
  }

  // Of what was understood, not of the bytes: spaces and the order of members do not make it
  // another request.
  private static Fingerprint fingerprint(Command command) {
    return Fingerprint.of(Json.mapper().writeValueAsString(command));
  }
}
