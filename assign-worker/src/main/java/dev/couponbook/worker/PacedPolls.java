package dev.couponbook.worker;

import io.awspring.cloud.sqs.listener.backpressure.BatchAwareBackPressureHandler;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Decides when the listener may poll: never for more than it can do soon, and, when there is
 * company, not so often that each call brings only one message.
 *
 * <p>A receive costs as much for one message as for ten. Left alone, the container keeps as many
 * long polls open as it has permits for, and each message that arrives is answered to one of them.
 * Here only a few are open, and after a poll that brought some messages but was not full the next
 * one waits a moment, so that more arrive. What comes alone makes nobody wait. As long as receives
 * are full there is a backlog, and each of them adds a poll.
 */
final class PacedPolls implements BatchAwareBackPressureHandler {
  /** Two polls: while one is being answered, the other waits at the queue. */
  private static final int QUIET = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  // How soon it is noticed that commands are done: a batch takes longer.
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private final int receive;
  private final int limit;
  private final long pauseNanos;
  private final BooleanSupplier busy;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int messages;
  private int polls;
  private int allowedPolls = QUIET;
  private long notBefore = System.nanoTime();

  /**
   * @param receive how many messages one poll asks for
   * @param limit how many messages are held at most, including those that were asked for
   * @param pause how long arrivals gather after a poll that was not full
   * @param busy whether there is enough to do: a message may hold a hundred commands
   */
  PacedPolls(int receive, int limit, Duration pause, BooleanSupplier busy) {
    this.receive = receive;
    this.limit = Math.max(limit, receive);
    this.pauseNanos = pause.toNanos();
    this.busy = busy;
  }

  @Override
  public int requestBatch() throws InterruptedException {
    return request(receive);
  }

  @Override
  public int request(int amount) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    lock.lock();
    try {
      for (long wait = wait(amount); wait > 0; wait = wait(amount)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          // The container asks again, unless it is stopping.
          return 0;
        }
        var unused = changed.awaitNanos(Math.min(wait, left));
      }
      polls++;
      messages += amount;
      return amount;
    } finally {
      lock.unlock();
    }
  }

  private long wait(int amount) {
    if (polls >= allowedPolls || messages + amount > limit) {
      return Long.MAX_VALUE;
    }
    return busy.getAsBoolean() ? LOOK_NANOS : notBefore - System.nanoTime();
  }

  @Override
  public void release(int amount, ReleaseReason reason) {
    lock.lock();
    try {
      messages -= amount;
      if (reason == ReleaseReason.PARTIAL_FETCH || reason == ReleaseReason.NONE_FETCHED) {
        polls--;
        pace(amount, reason);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // The container reports a full poll too, as a partial one that gives nothing back.
  private void pace(int unused, ReleaseReason reason) {
    if (unused == 0) {
      allowedPolls = Math.min(allowedPolls + 1, limit / receive);
      return;
    }
    allowedPolls = QUIET;
    if (reason == ReleaseReason.PARTIAL_FETCH && receive - unused > 1) {
      notBefore = System.nanoTime() + pauseNanos;
    }
  }

  @Override
  public boolean drain(Duration timeout) {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (messages > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return messages == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
