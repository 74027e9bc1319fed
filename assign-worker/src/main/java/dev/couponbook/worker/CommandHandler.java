package dev.couponbook.worker;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Done;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.AddRequestedCodes;
import dev.couponbook.store.Books;
import dev.couponbook.store.CommandLog;
import dev.couponbook.store.CommandLog.Answer;
import dev.couponbook.store.CommandLog.AnsweredMeanwhileException;
import dev.couponbook.store.CommandTries;
import dev.couponbook.store.CouponBatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a batch of commands: in one transaction the effects and, last, the outcomes. A command whose
 * outcome is known already has no second effect.
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
  private final int locksOfUser;
  private final Books books = new Books();
  private final AddRequestedCodes addRequestedCodes = new AddRequestedCodes();
  private final CommandLog commandLog = new CommandLog();
  private final CommandTries commandTries = new CommandTries();

  CommandHandler(Transactions transactions, int locksOfUser) {
    this.transactions = transactions;
    this.locksOfUser = locksOfUser;
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
    return transactions.inTransaction(connection -> {
      var settled =
          commandLog.known(connection, commands.stream().map(CommandMessage::requestId).toList());
      var fresh =
          commands.stream().filter(command -> !settled.contains(command.requestId())).toList();
      if (fresh.isEmpty()) {
        return settled;
      }
      var batch = CouponBatch.open(connection, fresh, patient, locksOfUser);
      var answers = new ArrayList<Answer>();
      for (var command : fresh) {
        decide(connection, batch, command)
            .ifPresent(outcome -> answers.add(new Answer(command, outcome)));
      }
      batch.write();
      commandLog.record(connection, answers);
      answers.forEach(answer -> settled.add(answer.message().requestId()));
      return settled;
    });
  }

  private Optional<Outcome> decide(
      Connection connection, CouponBatch coupons, CommandMessage message) throws SQLException {
    return switch (message.command()) {
      case CreateBook create -> Optional.of(createBook(connection, message, create));
      case AddCodes add when !add.isJob() ->
          Optional.of(addRequestedCodes.add(connection, message, add));
      case AssignAny assign -> coupons.assignAny(message, assign);
      case AssignCode assign -> Optional.of(coupons.assignCode(message, assign));
      case LockCode lock -> Optional.of(coupons.lock(message, lock));
      case UnlockCode unlock -> Optional.of(coupons.unlock(message, unlock));
      case RedeemCode redeem -> Optional.of(coupons.redeem(message, redeem));
      case ReverseRedemption reverse -> Optional.of(coupons.reverse(message, reverse));
      case AddCodes _, CancelLoad _, UndoLoad _ ->
          throw new IllegalArgumentException(
              message.command().kind() + " of this size belongs in the queue of loads");
    };
  }

  private Outcome createBook(Connection connection, CommandMessage message, CreateBook create)
      throws SQLException {
    var book = books.create(connection, message.requestId(), message.partner(), create);
    return Done.created(Map.of("bookId", book));
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
