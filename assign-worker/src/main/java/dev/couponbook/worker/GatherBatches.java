package dev.couponbook.worker;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins what single receives bring, ten messages at most, into batches for one transaction: one
 * command alone at once when it is quiet, a hundred together when many are waiting.
 *
 * <p>The listener container could join receives by itself, but it hands over nothing until the last
 * of ten long polls is back: a lone command would wait for twenty seconds.
 */
final class GatherBatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatherBatches.class);

  /** Runs a batch: commands that came for the first times, and those that come again and again. */
  interface Handler {
    Set<RequestId> handle(List<CommandMessage> commands, List<CommandMessage> again);
  }

  private record Received(
      List<CommandMessage> commands,
      List<CommandMessage> again,
      CompletableFuture<Set<RequestId>> settled) {
    int size() {
      return commands.size() + again.size();
    }
  }

  // Bounded by the listener: it holds no more messages than it has permits for.
  private final LinkedBlockingQueue<Received> waiting = new LinkedBlockingQueue<>();
  private final int batchSize;
  private final Handler handler;
  private final ExecutorService workers;

  /**
   * @param workers how many batches are handled at once
   * @param handler runs a batch and says which requests are settled
   */
  GatherBatches(int batchSize, int workers, Handler handler) {
    this.batchSize = batchSize;
    this.handler = handler;
    this.workers =
        Executors.newFixedThreadPool(workers, Thread.ofPlatform().name("batch-", 1).factory());
    for (int i = 0; i < workers; i++) {
      this.workers.execute(this::work);
    }
  }

  /**
   * Has the commands handled, together with others that wait.
   *
   * @return the requests that are settled, among them those of these commands
   */
  Set<RequestId> handle(List<CommandMessage> commands, List<CommandMessage> again) {
    var received = new Received(commands, again, new CompletableFuture<>());
    waiting.add(received);
    return received.settled().join();
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        handleTogether(gather(waiting.take()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: what is still in the queue comes again
    }
  }

  private List<Received> gather(Received first) {
    var together = new ArrayList<Received>();
    int commands = 0;
    for (@Nullable Received next = first;
        next != null;
        next = commands < batchSize ? waiting.poll() : null) {
      together.add(next);
      commands += next.size();
    }
    return together;
  }

  private void handleTogether(List<Received> together) {
    var commands = together.stream().flatMap(received -> received.commands().stream()).toList();
    var again = together.stream().flatMap(received -> received.again().stream()).toList();
    var settled = Set.<RequestId>of();
    try {
      settled = handler.handle(commands, again);
    } catch (RuntimeException e) {
      LOG.error("{} commands come again", commands.size() + again.size(), e);
    } finally {
      for (var received : together) {
        received.settled().complete(settled);
      }
    }
  }

  /** Stops; what is being handled is handled to its end. */
  @Override
  public void close() {
    workers.shutdownNow();
    waiting.forEach(received -> received.settled().complete(Set.of()));
  }
}
