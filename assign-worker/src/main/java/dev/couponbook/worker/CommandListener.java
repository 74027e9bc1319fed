package dev.couponbook.worker;

import static io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.RequestId;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/**
 * Takes commands from the queue, has them handled in batches, and acknowledges the messages whose
 * commands are all settled, after their transactions. What it does not acknowledge is delivered
 * again, and after five receives goes to the dead letters. An envelope is taken apart when it comes
 * again, or if it holds something that cannot be read.
 */
class CommandListener {
  private static final Logger LOG = LoggerFactory.getLogger(CommandListener.class);

  // Once or twice is bad luck: a worker was stopped, a delete was lost.
  private static final int MANY_RECEIVES = 3;
  private static final int SECOND_RECEIVE = 2;

  private final GatherBatches batches;
  private final AnswerAddresses addresses;
  private final TakeApart takeApart;

  CommandListener(GatherBatches batches, AnswerAddresses addresses, TakeApart takeApart) {
    this.batches = batches;
    this.addresses = addresses;
    this.takeApart = takeApart;
  }

  private record Received(Message<String> message, List<CommandMessage> commands) {
    boolean isRepeated() {
      return receives(message) >= MANY_RECEIVES;
    }

    List<RequestId> requests() {
      return commands.stream().map(CommandMessage::requestId).toList();
    }
  }

  /**
   * Returns at once, because few threads bring messages; what it returns completes when these are
   * dealt with.
   */
  @SqsListener(queueNames = "#{@workerSettings.commands()}", factory = "commands", id = "commands")
  CompletableFuture<Void> commands(
      List<Message<String>> messages, BatchAcknowledgement<String> acknowledgement) {
    var received = new ArrayList<Received>();
    var apart = new ArrayList<Message<String>>();
    messages.forEach(message -> read(message, received, apart));
    var handled = handle(received).thenCompose(done -> acknowledge(done, acknowledgement));
    return apart.isEmpty()
        ? handled
        : handled.thenCombine(
            CompletableFuture.supplyAsync(() -> takeApart(apart), Thread::startVirtualThread)
                .thenCompose(done -> acknowledge(done, acknowledgement)),
            (_, nothing) -> nothing);
  }

  /**
   * Reads a message.
   *
   * @param received gets it with its commands
   * @param apart gets it if it is an envelope that is to be taken apart
   */
  private static void read(
      Message<String> message, List<Received> received, List<Message<String>> apart) {
    try {
      var commands = CommandCodec.decodeAll(message.getPayload());
      if (commands.size() == 1 || receives(message) < SECOND_RECEIVE) {
        received.add(new Received(message, commands));
        return;
      }
    } catch (UndecodableMessageException e) {
      if (CommandEnvelope.takeApart(message.getPayload()).isEmpty()) {
        LOG.warn(
            "message {} cannot be read and is left to become a dead letter: {}",
            message.getHeaders().getId(),
            e.getMessage());
        return;
      }
    }
    apart.add(message);
  }

  /** Completes with the messages that may be deleted. */
  private CompletableFuture<List<Message<String>>> handle(List<Received> received) {
    received.forEach(one -> {
      var answerTo = answerTo(one.message());
      if (answerTo != null) {
        addresses.remember(answerTo, one.requests());
      }
    });
    return batches
        .handle(
            commands(received, Predicate.not(Received::isRepeated)),
            commands(received, Received::isRepeated))
        .thenApply(settled -> {
          received.forEach(one -> addresses.forget(one.requests()));
          return received.stream()
              .filter(one -> settled.containsAll(one.requests()))
              .map(Received::message)
              .toList();
        });
  }

  /** Sends on what the envelopes hold; returns those that may be deleted. */
  private List<Message<String>> takeApart(List<Message<String>> envelopes) {
    var done = new ArrayList<Message<String>>();
    for (var message : envelopes) {
      try {
        takeApart.send(
            CommandEnvelope.takeApart(message.getPayload()).orElseThrow(), answerTo(message));
        done.add(message);
      } catch (RuntimeException e) {
        LOG.warn(
            "an envelope could not be taken apart and will be delivered again: {}", e.toString());
      }
    }
    return done;
  }

  private static @Nullable String answerTo(Message<String> message) {
    return message.getHeaders().get(CommandEnvelope.ANSWER_TO, String.class);
  }

  private static List<CommandMessage> commands(List<Received> received, Predicate<Received> which) {
    return received.stream().filter(which).flatMap(one -> one.commands().stream()).toList();
  }

  private static int receives(Message<String> message) {
    var count = message.getHeaders().get(SQS_APPROXIMATE_RECEIVE_COUNT, String.class);
    return count == null ? 1 : Integer.parseInt(count);
  }

  private static CompletableFuture<Void> acknowledge(
      List<Message<String>> done, BatchAcknowledgement<String> acknowledgement) {
    if (done.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return acknowledgement
        .acknowledgeAsync(done)
        .exceptionally(failure -> {
          // They will be delivered again, and are known by then.
          LOG.info(
              "{} settled messages could not be deleted and will be delivered again: {}",
              done.size(),
              failure.toString());
          return null;
        });
  }
}
