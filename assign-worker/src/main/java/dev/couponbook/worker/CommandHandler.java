package dev.couponbook.worker;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandLog.AnsweredMeanwhileException;
import dev.couponbook.store.batch.CommandTries;
import dev.couponbook.store.batch.RunCommands;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has batches of commands run, each in one transaction, and knows what to do when one fails: take
 * it again, wait for the database, or find the command that cannot be run.
 */
class CommandHandler implements GatherBatches.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(CommandHandler.class);
  // Deadlocks and lost races end in one or two more turns; a batch that needs more has another
  // trouble.
  private static final int TURNS = 5;
  private static final Duration PAUSE = Duration.ofMillis(20);
  // While the database is away a batch is kept in hand for so long, which is well under its
  // visibility: no receive is counted against a command for what is not its fault.
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration PAUSE_WHILE_AWAY = Duration.ofMillis(500);

  private final Transactions transactions;
  private final RunCommands runCommands;
  private final WorkerMeters meters;
  private final CommandLog commandLog = new CommandLog();
  private final CommandTries commandTries = new CommandTries();

  CommandHandler(Transactions transactions, int locksOfUser, WorkerMeters meters) {
    this.transactions = transactions;
    this.runCommands = new RunCommands(locksOfUser);
    this.meters = meters;
  }

  /**
   * Runs the commands, one after the other as far as they meet on a code or a user.
   *
   * @return the requests that are settled, now or before: their messages may be deleted. The others
   *     failed, and their messages must come again.
   */
  Set<RequestId> handle(Collection<CommandMessage> commands) {
    var settled = new HashSet<RequestId>();
    var together = new LinkedHashMap<RequestId, CommandMessage>();
    var large = new LinkedHashMap<RequestId, CommandMessage>();
    for (var command : commands) {
      // A thousand codes in one transaction are enough to make a batch's other commands wait.
      (command.command() instanceof AddCodes ? large : together)
          .putIfAbsent(command.requestId(), command);
    }
    settled.addAll(runTogether(List.copyOf(together.values())));
    large.values().forEach(command -> runAlone(command).ifPresent(settled::add));
    return settled;
  }

  @Override
  public Set<RequestId> handle(List<CommandMessage> commands, List<CommandMessage> again) {
    var settled = new HashSet<>(handle(commands));
    settled.addAll(handleAgain(again));
    return settled;
  }

  /**
   * Runs commands that have come several times: something goes wrong about them, and perhaps they
   * are it. Each is counted and then runs by itself, so that one which kills its worker is counted
   * too, and its neighbours are not.
   *
   * @return as {@link #handle}
   */
  private Set<RequestId> handleAgain(Collection<CommandMessage> commands) {
    var byRequest = new LinkedHashMap<RequestId, CommandMessage>();
    commands.forEach(command -> byRequest.putIfAbsent(command.requestId(), command));
    var settled = known(byRequest.keySet());
    byRequest.values().stream()
        .filter(command -> !settled.contains(command.requestId()))
        .filter(this::runCounted)
        .forEach(command -> settled.add(command.requestId()));
    return settled;
  }

  private Set<RequestId> known(Set<RequestId> requests) {
    if (requests.isEmpty()) {
      return new HashSet<>();
    }
    return retried(
        () -> transactions.inTransaction(connection -> commandLog.known(connection, requests)));
  }

  private boolean runCounted(CommandMessage command) {
    try {
      retried(() -> countTry(command));
      retried(() -> run(List.of(command), true));
      return true;
    } catch (RuntimeException e) {
      logFailure(command, e);
      return false;
    }
  }

  private RequestId countTry(CommandMessage command) {
    return transactions.inTransaction(connection -> {
      commandTries.count(connection, command.requestId());
      return command.requestId();
    });
  }

  private Set<RequestId> runTogether(List<CommandMessage> commands) {
    if (commands.isEmpty()) {
      return Set.of();
    }
    try {
      var settled = retried(() -> run(commands, false));
      var left =
          commands.stream().filter(command -> !settled.contains(command.requestId())).toList();
      left.forEach(command -> runAlone(command).ifPresent(settled::add));
      return settled;
    } catch (DatabaseException e) {
      if (e.kind() == DatabaseException.Kind.BUG) {
        return runHalves(commands, e);
      }
      LOG.warn("{} commands come again: {}", commands.size(), e.getMessage());
      return Set.of();
    } catch (RuntimeException e) {
      return runHalves(commands, e);
    }
  }

  /** One bad command fails alone, found in few turns: the half without it is done at once. */
  private Set<RequestId> runHalves(List<CommandMessage> commands, RuntimeException failure) {
    if (commands.size() == 1) {
      failed(commands.getFirst(), failure);
      return Set.of();
    }
    int middle = commands.size() / 2;
    var settled = new HashSet<>(runTogether(commands.subList(0, middle)));
    settled.addAll(runTogether(commands.subList(middle, commands.size())));
    return settled;
  }

  /** A command that waits for others' codes, or that has a transaction to itself. */
  private Optional<RequestId> runAlone(CommandMessage command) {
    try {
      return retried(() -> run(List.of(command), true)).stream().findAny();
    } catch (RuntimeException e) {
      failed(command, e);
      return Optional.empty();
    }
  }

  /** A command that failed by itself; while the database is away, none does. */
  private void failed(CommandMessage command, RuntimeException failure) {
    logFailure(command, failure);
    if (failure instanceof DatabaseException e && e.isAway()) {
      return;
    }
    try {
      countTry(command);
    } catch (DatabaseException e) {
      LOG.warn("a try of request {} is not counted: {}", command.requestId(), e.getMessage());
    }
  }

  private static void logFailure(CommandMessage command, RuntimeException failure) {
    LOG.error(
        "request {} ({}) failed and comes again",
        command.requestId(),
        command.command().kind(),
        failure);
  }

  /**
   * One transaction.
   *
   * @param patient whether the commands may wait for others' codes; for one command alone
   * @return the requests that have an outcome now; a batch that is not patient may leave some
   */
  private Set<RequestId> run(List<CommandMessage> commands, boolean patient) {
    var ran =
        meters.batch(() ->
            transactions.inTransaction(
                connection -> runCommands.run(connection, commands, patient)));
    meters.answered(ran.answers());
    return ran.settled();
  }

  /**
   * Takes a transaction again while that can help: after a lost race at once, while the database is
   * away for a while.
   */
  private static <T> T retried(Supplier<T> transaction) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int turn = 1; ; turn++) {
      try {
        return transaction.get();
      } catch (AnsweredMeanwhileException e) {
        if (turn >= TURNS) {
          throw e;
        }
      } catch (DatabaseException e) {
        boolean again =
            switch (e.kind()) {
              case RETRY, CONFLICT -> turn < TURNS;
              case UNAVAILABLE, UNKNOWN_OUTCOME ->
                  System.nanoTime() < deadline; // the look-up of known requests settles the rest
              // A lock may have ended, or a code expired, between the decision and the guard, which
              // looks at the clock again: the next decision sees it. Twice is a bug.
              case BUG -> turn == 1 && e.isRefusedByGuard();
            };
        if (!again) {
          throw e;
        }
        pause(e.kind() == DatabaseException.Kind.UNAVAILABLE ? PAUSE_WHILE_AWAY : PAUSE);
      }
    }
  }

  private static void pause(Duration most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for the database", e);
    }
  }
}
