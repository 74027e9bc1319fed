package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.home.StartPrograms;
import dev.couponbook.cli.home.StopPrograms;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A queue full of commands, and how fast the worker empties it: from the first fifth, which warms
 * it up, to the last commit, by the database's clock.
 */
public final class DrainQueue {
  private static final String QUEUE = "coupon-commands";
  private static final String WAITING = "ApproximateNumberOfMessages";
  private static final String IN_HAND = "ApproximateNumberOfMessagesNotVisible";
  // As an edge under load packs them.
  private static final int OF_MESSAGE = 25;
  private static final int OF_CALL = 10 * OF_MESSAGE;
  private static final int SENDERS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration QUEUE_AWAY = Duration.ofMinutes(1);

  private final Home home;
  private final Commands commands;

  public DrainQueue(Home home, Commands commands) {
    this.home = home;
    this.commands = commands;
  }

  /**
   * The result of a drain.
   *
   * @param sqsCalls of the worker, for each command
   */
  record Drained(double perSecond, double sqsCalls) {}

  /**
   * Queues commands and lets the worker have them.
   *
   * @param command by its number, from 0
   */
  Drained drain(int count, IntFunction<Command> command) {
    stopWorker();
    var began = databaseTime();
    send(
        IntStream.range(0, count).toArray(),
        i -> commands.message(UUID.randomUUID(), command.apply(i)));
    new StartPrograms(home.directory(), home.file().terms(), _ -> {}).start();
    var before = Cost.now(home);
    double rate = awaitOutcomes(began, count);
    var cost = Cost.now(home).minus(before);
    return new Drained(rate, (double) cost.sqsCalls() / count);
  }

  /** The time by which {@link #done} judges. */
  public Instant databaseTime() {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var statement = connection.createStatement()) {
            var row = statement.executeQuery("SELECT clock_timestamp()");
            row.next();
            return row.getTimestamp(1).toInstant();
          }
        });
  }

  public void stopWorker() {
    new StopPrograms(home.directory(), _ -> {}).stop(List.of(Program.ASSIGN_WORKER));
  }

  /**
   * Queues commands. Where the queue is away meanwhile, a call is made again until it is back; its
   * messages may then be there twice.
   *
   * @param order the numbers of the commands, as they are sent
   * @param message by its number
   */
  public void send(int[] order, IntFunction<CommandMessage> message) {
    int share = (order.length + SENDERS - 1) / SENDERS;
    Threads.run(
        SENDERS,
        i -> () -> send(order, share * i, Math.min(order.length, share * (i + 1)), message));
  }

  private int send(int[] order, int from, int to, IntFunction<CommandMessage> message)
      throws IOException {
    var endpoint = URI.create(home.file().sqsUrl());
    for (int first = from; first < to; first += OF_CALL) {
      var entries = new ArrayList<Map<String, String>>();
      for (int i = first; i < Math.min(first + OF_CALL, to); i += OF_MESSAGE) {
        entries.add(
            Map.of(
                "Id",
                "" + i,
                "MessageBody",
                envelope(order, i, Math.min(i + OF_MESSAGE, to), message)));
      }
      sendUntilTaken(
          endpoint.getPort(),
          QueueYardstick.request(
              "SendMessageBatch", Map.of("QueueUrl", url(endpoint), "Entries", entries)));
    }
    return to - from;
  }

  private static void sendUntilTaken(int port, byte[] call) throws IOException {
    var deadline = Instant.now().plus(QUEUE_AWAY);
    while (true) {
      try (var connection = new RawConnection(port)) {
        var reply = connection.exchange(call);
        if (reply.status() == 200) {
          return;
        }
        throw new IOException("SendMessageBatch was answered " + reply.status());
      } catch (IOException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
        Pause.millis(200);
      }
    }
  }

  private static String envelope(
      int[] order, int from, int to, IntFunction<CommandMessage> message) {
    return CommandEnvelope.write(
        Arrays.stream(order, from, to)
            .mapToObj(i -> CommandCodec.encode(message.apply(i)))
            .map(one -> new CommandEnvelope.Enclosed(null, one))
            .toList());
  }

  private static String url(URI endpoint) {
    return endpoint + "/000000000000/" + QUEUE;
  }

  /** Whether the queue has nothing any more, in hand or waiting. */
  public boolean isEmpty() {
    var endpoint = URI.create(home.file().sqsUrl());
    var request =
        QueueYardstick.request(
            "GetQueueAttributes",
            Map.of("QueueUrl", url(endpoint), "AttributeNames", List.of(WAITING, IN_HAND)));
    try (var connection = new RawConnection(endpoint.getPort())) {
      var attributes =
          Json.mapper().readTree(connection.exchange(request).body()).path("Attributes");
      return attributes.path(WAITING).asInt(1) + attributes.path(IN_HAND).asInt(1) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static final String DONE =
      """
      SELECT count(*), count(*) FILTER (WHERE status >= 300)
      FROM command_outcome
      WHERE partner_id = ? AND finished_at > ?::timestamptz
      """;

  private static final String RATE =
      """
      SELECT (count(*) - 1) / extract(epoch FROM max(finished_at) - min(finished_at))
      FROM (
        SELECT finished_at
        FROM command_outcome
        WHERE partner_id = ? AND finished_at > ?::timestamptz
        ORDER BY finished_at
        OFFSET ?) AS warm
      """;

  private double awaitOutcomes(Instant began, int commands) {
    var deadline = Instant.now().plus(PATIENCE);
    for (var done = done(began); done.all() < commands; done = done(began)) {
      if (done.refused() > 0) {
        throw new CommandFailure(ExitCode.FAILED, done.refused() + " commands were refused.");
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.WAIT_TIMED_OUT, done.all() + " of " + commands + " commands were done.");
      }
      Pause.millis(1_000);
    }
    return OpsDatabase.ask(home, connection -> rate(connection, began, commands / 5));
  }

  /**
   * Commands that have an outcome.
   *
   * @param refused those among them that were not carried out
   */
  public record Done(int all, int refused) {}

  /** What was done since a time of the database. */
  public Done done(Instant since) {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var select = connection.prepareStatement(DONE)) {
            select.setInt(1, commands.partner().value());
            select.setString(2, since.toString());
            var row = select.executeQuery();
            row.next();
            return new Done(row.getInt(1), row.getInt(2));
          }
        });
  }

  private double rate(Connection connection, Instant since, int warmUp) throws SQLException {
    try (var select = connection.prepareStatement(RATE)) {
      select.setInt(1, commands.partner().value());
      select.setString(2, since.toString());
      select.setInt(3, warmUp);
      var row = select.executeQuery();
      row.next();
      return row.getDouble(1);
    }
  }
}
