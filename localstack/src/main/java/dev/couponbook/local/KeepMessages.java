package dev.couponbook.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Status;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.MessageId;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent.MessageAdded;
import org.elasticmq.actor.queue.QueueEvent.MessageRemoved;
import org.elasticmq.actor.queue.QueueEvent.MessageUpdated;
import org.elasticmq.actor.queue.QueueEvent.QueueCreated;
import org.elasticmq.actor.queue.QueueEvent.QueueDeleted;
import org.elasticmq.actor.queue.QueueEvent.QueueMetadataUpdated;
import org.elasticmq.msg.LookupMessage;
import org.elasticmq.msg.LookupQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Writes down what ElasticMQ's queues tell of their messages; a call to a queue is answered once
 * that is done. It stands in for ElasticMQ's own writer (1.7.1), which loses and multiplies dead
 * letters:
 *
 * <ul>
 *   <li>A receive that waits, and finds nothing but messages that have just become dead letters,
 *       tells the writer nothing. They stay in the table of their old queue, and are back after the
 *       next start. Here a dead letter that arrives takes itself out of the table it came from.
 *   <li>A message that becomes a dead letter is removed from one table before it is added to the
 *       other; killed in between, it is lost. Here it is removed afterwards.
 *   <li>If one write fails, the writer begins anew without its queues: from then on it confirms
 *       everything and writes nothing. Here the one call fails.
 * </ul>
 */
final class KeepMessages extends AbstractActor {
  private static final Logger LOG = LoggerFactory.getLogger(KeepMessages.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final QueueStore store;
  private @Nullable ActorRef queues;
  private boolean failing;

  /** Tells the writer who knows the queues. */
  record Queues(ActorRef manager) {}

  private record Looked(MessageRemoved removed, ActorRef asker, boolean moved) {}

  private KeepMessages(QueueStore store) {
    this.store = store;
  }

  static Props of(QueueStore store) {
    return Props.create(KeepMessages.class, () -> new KeepMessages(store));
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(Queues.class, known -> queues = known.manager())
        .match(QueueCreated.class, event -> failureOf(() -> store.keep(event.queue())))
        .match(QueueMetadataUpdated.class, event -> failureOf(() -> store.keep(event.queue())))
        .match(QueueDeleted.class, event -> failureOf(() -> store.drop(event.queueName())))
        .match(
            MessageAdded.class,
            event -> answer(() -> store.add(event.queueName(), event.message()), getSender()))
        .match(MessageUpdated.class, this::updated)
        .match(MessageRemoved.class, this::removed)
        .match(Looked.class, this::looked)
        .build();
  }

  // A queue says that a message was removed when it was deleted, and when it became a dead letter.
  // Which of the two it was, the queue of dead letters knows: what was moved there was put into
  // its mailbox before we heard of it.
  private void removed(MessageRemoved event) {
    var dead = store.mayHaveMovedTo(event.queueName(), event.messageId());
    if (dead == null) {
      remove(event, getSender());
      return;
    }
    var asker = getSender();
    Patterns.pipe(
            has(dead, event.messageId()).thenApply(moved -> new Looked(event, asker, moved)),
            getContext().getDispatcher())
        .to(getSelf());
  }

  /** Whether a queue has this message; if it does not answer, it is taken to have it. */
  private CompletionStage<Boolean> has(String queue, String message) {
    if (queues == null) {
      return CompletableFuture.completedFuture(true);
    }
    return Patterns.ask(queues, new LookupQueue(queue), PATIENCE)
        .thenCompose(found ->
            found instanceof Option<?> option && option.isDefined()
                ? Patterns.ask(
                    (ActorRef) option.get(), new LookupMessage(new MessageId(message)), PATIENCE)
                : CompletableFuture.completedFuture(Option.empty()))
        .thenApply(found -> ((Option<?>) found).isDefined())
        .exceptionally(failure -> {
          LOG.warn(
              "queue {} did not say whether it has message {}: {}",
              queue,
              message,
              failure.toString());
          return true;
        });
  }

  private void looked(Looked looked) {
    if (looked.moved()) {
      // It is removed here when it has been added there.
      confirm(looked.asker());
    } else {
      remove(looked.removed(), looked.asker());
    }
  }

  private void remove(MessageRemoved event, ActorRef asker) {
    answer(() -> store.remove(event.queueName(), event.messageId()), asker);
  }

  // A call whose message cannot be written is not confirmed: the queue leaves it without an answer.
  private void answer(Runnable write, ActorRef asker) {
    var failure = failureOf(write);
    if (failure == null) {
      confirm(asker);
    } else {
      asker.tell(new Status.Failure(failure), getSelf());
    }
  }

  // If only a receive is lost, the message is delivered once more after the next start. So work
  // goes on while a disk is full.
  private void updated(MessageUpdated event) {
    var unused = failureOf(() -> store.update(event.queueName(), event.message()));
    confirm(getSender());
  }

  private @Nullable RuntimeException failureOf(Runnable write) {
    try {
      write.run();
      if (failing) {
        failing = false;
        LOG.info("the store of the queues can be written again");
      }
      return null;
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        LOG.error(
            "the store of the queues cannot be written; messages are refused until it can", e);
      }
      return e;
    }
  }

  private void confirm(ActorRef asker) {
    asker.tell(OperationSuccessful$.MODULE$, getSelf());
  }
}
