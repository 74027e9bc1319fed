package dev.couponbook.worker;

import static io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/**
 * Takes commands from the queue, has them handled in batches, and acknowledges those that are
 * settled, after their transaction. What it does not acknowledge is delivered again, and after five
 * receives goes to the dead letters.
 */
class CommandListener {
  private static final Logger LOG = LoggerFactory.getLogger(CommandListener.class);

  // Once or twice is bad luck: a worker was stopped, a delete was lost.
  private static final int MANY_RECEIVES = 3;

  private final GatherBatches batches;

  CommandListener(GatherBatches batches) {
    this.batches = batches;
  }

  private record Received(Message<String> message, CommandMessage command) {
    boolean isRepeated() {
      return receives(message) >= MANY_RECEIVES;
    }
  }

  @SqsListener(queueNames = "#{@workerSettings.commands()}", factory = "commands", id = "commands")
  void commands(List<Message<String>> messages, BatchAcknowledgement<String> acknowledgement) {
    var received = messages.stream().flatMap(message -> decode(message).stream()).toList();
    var settled =
        batches.handle(
            commands(received, Predicate.not(Received::isRepeated)),
            commands(received, Received::isRepeated));
    var done =
        received.stream()
            .filter(one -> settled.contains(one.command().requestId()))
            .map(Received::message)
            .toList();
    acknowledge(done, acknowledgement);
  }

  private static Optional<Received> decode(Message<String> message) {
    try {
      return Optional.of(new Received(message, CommandCodec.decode(message.getPayload())));
    } catch (UndecodableMessageException e) {
      LOG.warn(
          "message {} cannot be read and is left to become a dead letter: {}",
          message.getHeaders().getId(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static List<CommandMessage> commands(List<Received> received, Predicate<Received> which) {
    return received.stream().filter(which).map(Received::command).toList();
  }

  private static int receives(Message<String> message) {
    var count = message.getHeaders().get(SQS_APPROXIMATE_RECEIVE_COUNT, String.class);
    return count == null ? 1 : Integer.parseInt(count);
  }

  private static void acknowledge(
      List<Message<String>> done, BatchAcknowledgement<String> acknowledgement) {
    if (done.isEmpty()) {
      return;
    }
    try {
      acknowledgement.acknowledge(done);
    } catch (RuntimeException e) {
      // They will be delivered again, and are known by then.
      LOG.info(
          "{} settled messages could not be deleted and will be delivered again: {}",
          done.size(),
          e.toString());
    }
  }
}
