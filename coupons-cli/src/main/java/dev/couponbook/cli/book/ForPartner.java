package dev.couponbook.cli.book;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Reason;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.store.read.ReadBookHistory;
import dev.couponbook.store.read.ReadBookHistory.Owner;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An operator's act for a partner: a call of the partner's own API, so that all its rules hold. */
final class ForPartner {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private ForPartner() {}

  /** The id of a book, as an operator typed it. */
  static BookId book(String id) {
    try {
      return BookId.parse(id);
    } catch (InvalidValueException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "'" + id + "' is not the id of a book; POST /coupons answered it.", e);
    }
  }

  /**
   * Whose the book is.
   *
   * @throws CommandFailure if there is no such book
   */
  static Owner owner(Home home, BookId book) {
    return OpsDatabase.ask(home, connection -> ReadBookHistory.owner(connection, book))
        .orElseThrow(() -> new CommandFailure(ExitCode.REFUSED, "There is no book " + book + "."));
  }

  /** Who asked, and why, as the reason that is written down with what is done. */
  static String reason(Reason reason) {
    return reason.who() + ": " + reason.why();
  }

  /**
   * Makes the call, and waits for its outcome.
   *
   * @throws CommandFailure if it was refused, with the refusal's sentence
   */
  static JsonNode post(Home home, String partner, String path, Map<String, ?> body) {
    var token = home.token(Partners.clientId(home, partner), LIFE);
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token)) {
      var reply = edge.command(path, body);
      if (reply.status() != 200) {
        throw EdgeClient.unexpected("POST " + path, reply);
      }
      return reply.body();
    }
  }
}
