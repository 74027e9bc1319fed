package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.store.batch.RunCommands;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The worker's transactions without its queue: as many at once, and as large, as it makes them. */
final class WorkerTransactions {
  private static final int THREADS = 4;
  private static final int BATCH = 100;
  private static final int LOCKS_OF_USER = 10_000;

  private final Home home;
  private final Commands commands;
  private final RunCommands runCommands = new RunCommands(LOCKS_OF_USER);

  WorkerTransactions(Home home, Commands commands) {
    this.home = home;
    this.commands = commands;
  }

  /**
   * Runs commands.
   *
   * @param command by its number, from 0
   */
  CommandProgress run(int count, IntFunction<Command> command) {
    var next = new AtomicInteger();
    var progress = new CommandProgress(count);
    Threads.run(THREADS, _ -> () -> work(count, command, next, progress));
    return progress;
  }

  private boolean work(
      int count, IntFunction<Command> command, AtomicInteger next, CommandProgress progress)
      throws SQLException {
    try (var connection = OpsDatabase.connect(home, "coupon_worker")) {
      connection.setAutoCommit(false);
      for (int from = next.getAndAdd(BATCH); from < count; from = next.getAndAdd(BATCH)) {
        var batch =
            IntStream.range(from, Math.min(count, from + BATCH))
                .mapToObj(i -> commands.message(UUID.randomUUID(), command.apply(i)))
                .toList();
        handle(connection, batch);
        progress.add(batch.size());
      }
    }
    return true;
  }

  /** As the worker does: what a batch leaves, because others held the codes, runs alone. */
  private void handle(Connection connection, List<CommandMessage> batch) throws SQLException {
    var settled = run(connection, batch, false).settled();
    for (var message : batch) {
      if (!settled.contains(message.requestId())) {
        run(connection, List.of(message), true);
      }
    }
  }

  private RunCommands.Ran run(Connection connection, List<CommandMessage> batch, boolean patient)
      throws SQLException {
    var ran = runCommands.run(connection, batch, patient);
    connection.commit();
    for (var answer : ran.answers()) {
      if (answer.outcome().status() >= 300) {
        throw new SQLException("a command was refused: " + answer.outcome().body());
      }
    }
    return ran;
  }
}
