package dev.couponbook.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same request, over some connections, for some time. */
record BenchAnswers(int port, byte[] request, int status) {

  /** Answers a second; an answer with another status ends the benchmark. */
  double perSecond(int connections, Duration time) {
    long began = System.nanoTime();
    long end = began + time.toNanos();
    long answers = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var counts = new ArrayList<Future<Long>>();
      for (int i = 0; i < connections; i++) {
        counts.add(threads.submit(() -> count(end)));
      }
      for (var count : counts) {
        answers += count.get();
      }
    } catch (ExecutionException e) {
      throw new CommandFailure(ExitCode.FAILED, "The benchmark ended: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
    return answers * 1e9 / (System.nanoTime() - began);
  }

  private long count(long end) throws IOException {
    long answers = 0;
    try (var connection = new BenchConnection(port)) {
      while (System.nanoTime() < end) {
        var reply = connection.exchange(request);
        if (reply.status() != status) {
          throw new IOException(
              "answered " + reply.status() + " where " + status + " was expected: " + reply.body());
        }
        answers++;
      }
    }
    return answers;
  }
}
