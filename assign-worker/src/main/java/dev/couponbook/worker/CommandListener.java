package dev.couponbook.worker;

import static io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.RequestId;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/**
 * Takes commands from the queue, has them handled in batches, and acknowledges those that are
 * settled, after their transaction. What it does not acknowledge comes back, and after five times
 * goes to the dead letters.
 */
class CommandListener {
  private static final Logger LOG = LoggerFactory.getLogger(CommandListener.class);

  // Once or twice is bad luck: a worker was stopped, a delete was lost.
  private static final int MANY_RECEIVES = 3;

  private final GatherBatches batches;

  CommandListener(GatherBatches batches) {
    this.batches = batches;
  }

  @SqsListener(queueNames = "#{@workerSettings.commands()}", factory = "commands", id = "commands")
  void commands(List<Message<String>> messages, BatchAcknowledgement<String> acknowledgement) {
    var commands = new LinkedHashMap<Message<String>, CommandMessage>();
    for (var message : messages) {
      try {
        commands.put(message, CommandCodec.decode(message.getPayload()));
      } catch (UndecodableMessageException e) {
        LOG.warn(
            "message {} is left to the dead letters: {}",
            message.getHeaders().getId(),
            e.getMessage());
      }
    }
    var settled = handle(commands);
    var done = new ArrayList<Message<String>>();
    commands.forEach((message, command) -> {
      if (settled.contains(command.requestId())) {
        done.add(message);
      }
    });
    acknowledge(done, acknowledgement);
  }

  private Set<RequestId> handle(Map<Message<String>, CommandMessage> commands) {
    var first = new ArrayList<CommandMessage>();
    var again = new ArrayList<CommandMessage>();
    commands.forEach(
        (message, command) -> (receives(message) < MANY_RECEIVES ? first : again).add(command));
    return batches.handle(first, again);
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
      // They come again and are known by then.
      LOG.info(
          "{} settled messages could not be deleted and will come again: {}",
          done.size(),
          e.toString());
    }
  }
}
