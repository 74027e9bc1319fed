package dev.couponbook.worker;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.RequestId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins receives, of ten messages at most each, into batches for one transaction: when it is quiet,
 * a single command runs at once; when many are waiting, a hundred run together.
 *
 * <p>The listener container could join receives by itself, but it hands over nothing until the last
 * of ten long polls has returned: a single command would wait for twenty seconds.
 */
final class GatherBatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatherBatches.class);

  /** What one receive brought, until it is known which of its requests are settled. */
  private record Receive(
      List<CommandMessage> commands,
      List<CommandMessage> repeated,
      CompletableFuture<Set<RequestId>> settled) {
    int size() {
      return commands.size() + repeated.size();
    }
  }

  // Bounded by the listener: it holds no more messages than it has permits for.
  private final LinkedBlockingQueue<Receive> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger inHand = new AtomicInteger();
  private final int batchSize;
  private final CommandHandler handler;
  private final ExecutorService workers;

  /**
   * @param workers how many batches are handled at once
   */
  GatherBatches(int batchSize, int workers, CommandHandler handler) {
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
   * @param repeated those that have come several times
   * @return completes with the requests that are settled, among them those of these commands
   */
  CompletableFuture<Set<RequestId>> handle(
      List<CommandMessage> commands, List<CommandMessage> repeated) {
    var receive = new Receive(commands, repeated, new CompletableFuture<>());
    if (receive.size() == 0) {
      return CompletableFuture.completedFuture(Set.of());
    }
    inHand.addAndGet(receive.size());
    waiting.add(receive);
    return receive.settled();
  }

  /** How many commands wait or are being handled. */
  int inHand() {
    return inHand.get();
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        handleTogether(gather(waiting.take()));
      }
    } catch (InterruptedException e) {
      // Closed: what is still waiting will be delivered again.
      Thread.currentThread().interrupt();
    }
  }

  private List<Receive> gather(Receive first) {
    var together = new ArrayList<Receive>();
    int commands = 0;
    for (@Nullable Receive next = first;
        next != null;
        next = commands < batchSize ? waiting.poll() : null) {
      together.add(next);
      commands += next.size();
    }
    return together;
  }

  private void handleTogether(List<Receive> together) {
    var commands = together.stream().flatMap(receive -> receive.commands().stream()).toList();
    var repeated = together.stream().flatMap(receive -> receive.repeated().stream()).toList();
    var settled = new HashSet<RequestId>();
    try {
      settled.addAll(handler.handle(commands));
      settled.addAll(handler.handleRepeated(repeated));
    } catch (RuntimeException e) {
      LOG.error(
          "{} commands will be delivered again",
          commands.size() + repeated.size() - settled.size(),
          e);
    } finally {
      for (var receive : together) {
        inHand.addAndGet(-receive.size());
        receive.settled().complete(settled);
      }
    }
  }

  /** Takes no further batches; those that are being handled run to their end. */
  @Override
  public void close() {
    workers.shutdownNow();
    waiting.forEach(receive -> receive.settled().complete(Set.of()));
  }
}
