package dev.couponbook.bench;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Work in several threads at once. */
final class Threads {
  private Threads() {}

  /**
   * Runs the tasks and waits for all of them.
   *
   * @param work by its number, from 0
   * @throws CommandFailure if one of them fails
   */
  static <T> List<T> run(int threads, IntFunction<Callable<T>> work) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var begun = new ArrayList<Future<T>>();
      for (int i = 0; i < threads; i++) {
        begun.add(executor.submit(work.apply(i)));
      }
      var results = new ArrayList<T>();
      for (var one : begun) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new CommandFailure(ExitCode.FAILED, "The benchmark ended: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
  }
}
