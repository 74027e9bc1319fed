package dev.couponbook.worker;

import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Sends commands to a real handler on a real database, and looks up the answers as the edge would.
 */
final class Asks {
  /** The answer to a request. */
  record Answer(int status, JsonNode body) {
    String code() {
      return body.path("code").asString("");
    }
  }

  final CommandHandler handler;
  private final Transactions transactions;

  Asks(TestDatabase database) {
    this(database, WorkerSettings.DEFAULT_LOCKS_OF_USER);
  }

  Asks(TestDatabase database, int locksOfUser) {
    this.transactions = new Transactions(database.as("coupon_worker"));
    this.handler =
        new CommandHandler(
            transactions,
            locksOfUser,
            new AnswerAddresses(transactions),
            new WorkerMeters(new SimpleMeterRegistry()));
  }

  static CommandMessage message(int partner, Command command) {
    return message(partner, UUID.randomUUID(), command);
  }

  static CommandMessage message(int partner, UUID request, Command command) {
    return new CommandMessage(
        new RequestId(request),
        new PartnerId(partner),
        Fingerprint.of(command.toString()),
        command);
  }

  /** One command alone. */
  Answer ask(int partner, Command command) {
    return ask(message(partner, command)).getFirst();
  }

  /** Several commands in one batch, in this order. */
  List<Answer> ask(CommandMessage... messages) {
    handler.handle(Arrays.asList(messages));
    return Arrays.stream(messages).map(this::answer).toList();
  }

  Answer answer(CommandMessage message) {
    return transactions.inTransaction(connection -> look(connection, message.requestId()));
  }

  private static Answer look(Connection connection, RequestId request) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT status, body FROM command_outcome WHERE request_id = ?")) {
      select.setObject(1, request.value());
      try (var row = select.executeQuery()) {
        if (!row.next()) {
          throw new AssertionError("request " + request + " has no answer");
        }
        return new Answer(row.getInt("status"), Json.mapper().readTree(row.getString("body")));
      }
    }
  }
}
