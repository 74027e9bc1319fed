package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    var settled = batches.handle(List.copyOf(commands.values()));
    var done = new ArrayList<Message<String>>();
    commands.forEach((message, command) -> {
      if (settled.contains(command.requestId())) {
        done.add(message);
      }
    });
    acknowledge(done, acknowledgement);
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
