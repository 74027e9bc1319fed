package dev.couponbook.worker;

import static dev.couponbook.worker.RetryTransactions.retrying;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandTries;
import dev.couponbook.store.batch.RunCommands;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which commands run together, each batch in one transaction, and finds the one that cannot
 * be run when a batch fails.
 */
class CommandHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CommandHandler.class);

  private final Transactions transactions;
  private final RunCommands runCommands;
  private final AnswerAddresses addresses;
  private final WorkerMeters meters;

  CommandHandler(
      Transactions transactions, int locksOfUser, AnswerAddresses addresses, WorkerMeters meters) {
    this.transactions = transactions;
    this.addresses = addresses;
    this.runCommands = new RunCommands(locksOfUser);
    this.meters = meters;
  }

  /**
   * Runs the commands; those that meet on a code or a user run one after the other.
   *
   * @return the requests that are settled, now or before: their messages may be deleted. The others
   *     failed, and their messages must be delivered again.
   */
  Set<RequestId> handle(Collection<CommandMessage> commands) {
    var together = new LinkedHashMap<RequestId, CommandMessage>();
    var alone = new LinkedHashMap<RequestId, CommandMessage>();
    for (var command : commands) {
      // A thousand codes in one transaction are enough to make a batch's other commands wait.
      (command.command() instanceof AddCodes ? alone : together)
          .putIfAbsent(command.requestId(), command);
    }
    var settled = new HashSet<>(runTogether(List.copyOf(together.values())));
    alone.values().forEach(command -> runAlone(command).ifPresent(settled::add));
    return settled;
  }

  /**
   * Runs commands that have come several times: something is going wrong, and the cause may be one
   * of them. Each try is counted before it begins and has a transaction to itself, so that a
   * command that kills its worker is counted, and its neighbours are not.
   *
   * @return as {@link #handle}
   */
  Set<RequestId> handleRepeated(Collection<CommandMessage> commands) {
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
    return retrying(
        () -> transactions.inTransaction(connection -> CommandLog.known(connection, requests)));
  }

  private boolean runCounted(CommandMessage command) {
    try {
      retrying(() -> countTry(command));
      retrying(() -> run(List.of(command), true));
      return true;
    } catch (RuntimeException e) {
      logFailure(command, e);
      return false;
    }
  }

  private RequestId countTry(CommandMessage command) {
    transactions.run(connection -> CommandTries.count(connection, command.requestId()));
    return command.requestId();
  }

  private Set<RequestId> runTogether(List<CommandMessage> commands) {
    if (commands.isEmpty()) {
      return Set.of();
    }
    try {
      var settled = retrying(() -> run(commands, false));
      var left =
          commands.stream().filter(command -> !settled.contains(command.requestId())).toList();
      left.forEach(command -> runAlone(command).ifPresent(settled::add));
      return settled;
    } catch (DatabaseException e) {
      // A conflict that outlives its turns is no race: one command meets what is there for good.
      if (e.kind() == DatabaseException.Kind.BUG || e.kind() == DatabaseException.Kind.CONFLICT) {
        return runHalves(commands, e);
      }
      LOG.warn("{} commands will be delivered again: {}", commands.size(), e.getMessage());
      return Set.of();
    } catch (RuntimeException e) {
      return runHalves(commands, e);
    }
  }

  /**
   * Finds one bad command in a few turns, so that it fails alone: the half without it is done at
   * once.
   */
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

  /** Runs a command in a transaction to itself, in which it may wait for codes that others hold. */
  private Optional<RequestId> runAlone(CommandMessage command) {
    try {
      return retrying(() -> run(List.of(command), true)).stream().findAny();
    } catch (RuntimeException e) {
      failed(command, e);
      return Optional.empty();
    }
  }

  /** Counts a failure against its command, unless the database was away. */
  private void failed(CommandMessage command, RuntimeException failure) {
    logFailure(command, failure);
    if (failure instanceof DatabaseException e && e.isAway()) {
      return;
    }
    try {
      countTry(command);
    } catch (DatabaseException e) {
      LOG.warn(
          "the failed try of request {} could not be counted: {}",
          command.requestId(),
          e.getMessage());
    }
  }

  private static void logFailure(CommandMessage command, RuntimeException failure) {
    LOG.error(
        "request {} ({}) failed and will be delivered again",
        command.requestId(),
        command.command().kind(),
        failure);
  }

  /**
   * Runs one transaction.
   *
   * @param patient whether to wait for codes that other transactions hold; only for one command
   *     alone
   * @return the requests that have an outcome now; a batch that is not patient may leave some
   */
  private Set<RequestId> run(List<CommandMessage> commands, boolean patient) {
    var ran =
        meters.batch(() ->
            transactions.inTransaction(
                connection -> runCommands.run(connection, commands, patient)));
    meters.answered(ran.answers());
    var settled = ran.settled();
    addresses.tell(settled);
    return settled;
  }
}
