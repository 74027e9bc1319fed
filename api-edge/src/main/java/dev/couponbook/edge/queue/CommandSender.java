package dev.couponbook.edge.queue;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.queue.SendCommands.Outgoing;
import dev.couponbook.edge.running.TraceId;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Puts commands on their queue: the edge's one durable act. Concurrent ones travel together. */
@Singleton
public final class CommandSender {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(CommandSender.class);

  private final SqsAsyncClient sqs;
  private final SendCommands commands;
  private final QueueSettings queues;
  private final Map<String, String> urls = new ConcurrentHashMap<>();

  CommandSender(SqsAsyncClient sqs, SendCommands commands, QueueSettings queues) {
    this.sqs = sqs;
    this.commands = commands;
    this.queues = queues;
  }

  /**
   * Returns when SQS has the command; the trace travels with it.
   *
   * @param answerTo where this edge hears of the outcome; null if nobody waits for it
   * @throws ProblemException 503, if it has not said so
   */
  public void send(CommandMessage message, TraceId trace, @Nullable String answerTo) {
    var command =
        new Outgoing(
            message.partner(), CommandCodec.encode(message), trace.traceparent(), answerTo);
    var queue = queueOf(message.command());
    // Jobs take minutes each: nothing is gained if they travel together.
    int together = queue.equals(queues.commands()) ? queues.together() : 1;
    try {
      answer(commands.send(url(queue), together, command));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "request {} of trace {} did not reach {}: {}",
          message.requestId(),
          trace.hex(),
          queue,
          reason(e));
      throw ProblemException.unavailable("The command queue does not answer", RETRY_AFTER);
    }
  }

  // The client's first call takes a second of class loading, which no command should wait for.
  @EventListener
  void warmUp(ServerStartupEvent started) {
    Thread.ofVirtual().name("warm-up-queue").start(this::isAlive);
  }

  /** Whether the queue of commands answers; for readiness. */
  public boolean isAlive() {
    try {
      answer(sqs.getQueueUrl(q -> q.queueName(queues.commands())));
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private String queueOf(Command command) {
    return switch (command) {
      case AddCodes codes -> codes.isJob() ? queues.loads() : queues.commands();
      case CancelLoad _, UndoLoad _ -> queues.loads();
      case CreateBook _,
          ChangeBook _,
          SetBookState _,
          AssignAny _,
          AssignCode _,
          LockCode _,
          UnlockCode _,
          RedeemCode _,
          ReverseRedemption _,
          VoidCode _,
          UnassignCode _,
          ReplaceCode _ ->
          queues.commands();
    };
  }

  private String url(String queue) throws ExecutionException, TimeoutException {
    var known = urls.get(queue);
    if (known == null) {
      known = answer(sqs.getQueueUrl(q -> q.queueName(queue))).queueUrl();
      urls.put(queue, known);
    }
    return known;
  }

  private static <T> T answer(CompletableFuture<T> call)
      throws ExecutionException, TimeoutException {
    try {
      return call.get(CommandQueue.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What has not left yet must not leave after its caller was told 503.
      call.cancel(false);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException("interrupted while stopping", e);
    }
  }

  private static String reason(Exception e) {
    return e.getCause() == null ? e.toString() : e.getCause().toString();
  }
}
