package dev.couponbook.cli;

import dev.couponbook.cli.BenchAssign.Held;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * A queue full of commands, and how fast the worker empties it: from the first fifth, which warms
 * it up, to the last commit, by the database's clock.
 */
final class BenchDrain {
  private static final String QUEUE = "coupon-commands";
  private static final int BATCH = 10;
  private static final int SENDERS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Home home;
  private final PartnerId partner;

  BenchDrain(Home home) {
    this.home = home;
    this.partner = OpsDatabase.ask(home, BenchDrain::firstPartner);
  }

  private static PartnerId firstPartner(java.sql.Connection connection) throws SQLException {
    try (var select = connection.prepareStatement("SELECT id FROM partner WHERE name = ?")) {
      select.setString(1, Partners.FIRST);
      var row = select.executeQuery();
      row.next();
      return new PartnerId(row.getInt(1));
    }
  }

  double perSecond(List<Command> commands) {
    var began = databaseTime();
    new StopPrograms(home.directory(), _ -> {}).stop(List.of(Program.ASSIGN_WORKER));
    send(commands);
    new StartPrograms(home.directory(), home.file().terms(), _ -> {}).start();
    return awaitOutcomes(began, commands.size());
  }

  private Instant databaseTime() {
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

  private void send(List<Command> commands) {
    int share = (commands.size() + SENDERS - 1) / SENDERS;
    try (var threads = Executors.newFixedThreadPool(SENDERS)) {
      var sent = new ArrayList<Future<Integer>>();
      for (int from = 0; from < commands.size(); from += share) {
        var part = commands.subList(from, Math.min(from + share, commands.size()));
        sent.add(threads.submit(() -> sendAll(part)));
      }
      for (var part : sent) {
        part.get();
      }
    } catch (ExecutionException e) {
      throw new CommandFailure(ExitCode.FAILED, "The commands were not queued: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
  }

  private int sendAll(List<Command> commands) throws IOException {
    var endpoint = URI.create(home.file().sqsUrl());
    var url = endpoint + "/000000000000/" + QUEUE;
    try (var connection = new BenchConnection(endpoint.getPort())) {
      for (int from = 0; from < commands.size(); from += BATCH) {
        var batch = commands.subList(from, Math.min(from + BATCH, commands.size()));
        var entries =
            IntStream.range(0, batch.size())
                .mapToObj(i -> Map.of("Id", "" + i, "MessageBody", message(batch.get(i))))
                .toList();
        var reply =
            connection.exchange(
                BenchQueue.request(
                    "SendMessageBatch", Map.of("QueueUrl", url, "Entries", entries)));
        if (reply.status() != 200) {
          throw new IOException("SendMessageBatch was answered " + reply.status());
        }
      }
    }
    return commands.size();
  }

  private String message(Command command) {
    return CommandCodec.encode(
        new CommandMessage(
            new RequestId(UUID.randomUUID()), partner, Fingerprint.of("bench"), command));
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
    try (var connection = OpsDatabase.connect(home);
        var done = connection.prepareStatement(DONE);
        var rate = connection.prepareStatement(RATE)) {
      done.setInt(1, partner.value());
      done.setString(2, began.toString());
      while (true) {
        var row = done.executeQuery();
        row.next();
        if (row.getInt(2) > 0) {
          throw new CommandFailure(ExitCode.FAILED, row.getInt(2) + " commands were refused.");
        }
        if (row.getInt(1) >= commands) {
          break;
        }
        if (Instant.now().isAfter(deadline)) {
          throw new CommandFailure(
              ExitCode.WAIT_TIMED_OUT, row.getInt(1) + " of " + commands + " commands were done.");
        }
        Pause.millis(1_000);
      }
      rate.setInt(1, partner.value());
      rate.setString(2, began.toString());
      rate.setInt(3, commands / 5);
      var row = rate.executeQuery();
      row.next();
      return row.getDouble(1);
    } catch (SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "The database refused: " + e.getMessage(), e);
    }
  }

  private static final String CODES =
      """
      SELECT c.code, c.holder
      FROM coupon c
      JOIN coupon_book b ON b.id = c.book_id
      WHERE b.public_id = ? AND c.state = 'assigned'
      LIMIT ?
      """;

  List<Held> codesOf(BookId book, int most) {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var select = connection.prepareStatement(CODES)) {
            select.setObject(1, book.value());
            select.setInt(2, most);
            var rows = select.executeQuery();
            var codes = new ArrayList<Held>();
            while (rows.next()) {
              codes.add(new Held(new CouponCode(rows.getString(1)), new Email(rows.getString(2))));
            }
            return codes;
          }
        });
  }
}
