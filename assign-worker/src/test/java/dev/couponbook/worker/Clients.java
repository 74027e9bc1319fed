package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.json.Json;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import dev.couponbook.worker.History.Op;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Many clients that send commands of all kinds, all at once, and poll for their answers; at the
 * end, what they saw is judged.
 */
final class Clients {
  private static final int USERS = 200;
  private static final int BATCH = 100;

  final History history = new History();
  private final TestDatabase database;
  private final Random dice;
  private final List<BookRow> books = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private final List<UUID> redeems = new ArrayList<>();
  private final List<String> free = new ArrayList<>();
  private final int partner;

  /** Makes books with limits and without, free codes for half of the commands, and held codes. */
  Clients(TestDatabase database, Random dice, int commands) {
    this.database = database;
    this.dice = dice;
    var rows = database.rows();
    partner = rows.partner();
    for (var terms :
        List.of(Terms.usual().maxCodes(1), Terms.usual().maxCodes(3), Terms.usual().maxCodes(0))) {
      var book = rows.book(partner, terms);
      var codes = rows.free(book, commands / 6);
      free.addAll(codes.subList(0, codes.size() / 10));
      history.book(book.id(), terms, codes.size());
      books.add(book);
    }
    for (int limit : List.of(1, 3, 0)) {
      var terms = Terms.usual().maxRedeems(limit);
      var book = rows.book(partner, terms);
      history.book(book.id(), terms, 0);
      for (int i = 0; i < 50; i++) {
        var code = rows.assigned(book, holder());
        history.holds(holder(), book.id(), code);
        held.add(code);
      }
    }
  }

  private static String holder() {
    return "holder@x";
  }

  /** Sends this many commands. */
  void send(Queues queues, String queue, int commands) {
    for (int left = commands; left > 0; left -= BATCH) {
      var some = new ArrayList<CommandMessage>();
      for (int i = 0; i < Math.min(left, BATCH); i++) {
        some.add(next());
      }
      queues.send(queue, some);
      poll();
    }
  }

  private CommandMessage next() {
    var command = command();
    var message = Asks.message(partner, command);
    if (command instanceof RedeemCode) {
      redeems.add(message.requestId().value());
    }
    history.invoked(message.requestId().value(), op(command));
    return message;
  }

  private Command command() {
    int roll = dice.nextInt(100);
    var book = books.get(dice.nextInt(books.size()));
    var user = new Email("user" + dice.nextInt(USERS) + "@x");
    var code = new CouponCode(held.get(dice.nextInt(held.size())));
    var holder = new Email(holder());
    if (roll < 2) {
      return new ChangeBook(
          new BookId(book.id()), null, "Book " + roll, null, null, null, null, null, null, null);
    } else if (roll < 4) {
      // Not for long, or most assigns would only meet a pause.
      var state = dice.nextInt(4) == 0 ? BookState.PAUSED : BookState.OPEN;
      return new SetBookState(new BookId(book.id()), state, null);
    } else if (roll < 45 || (roll < 60 && redeems.isEmpty())) {
      return new AssignAny(new BookId(book.id()), user);
    } else if (roll < 50) {
      var wanted = new CouponCode(free.get(dice.nextInt(free.size())));
      return new AssignCode(new BookId(book.id()), wanted, user);
    } else if (roll < 60) {
      var redemption = redeems.get(dice.nextInt(redeems.size()));
      return new ReverseRedemption(new RedemptionId(redemption), null);
    } else if (roll < 75) {
      return new LockCode(code, holder, null);
    } else if (roll < 80) {
      return new UnlockCode(code, holder, null);
    } else if (roll == 80 && dice.nextInt(3) == 0) {
      return new UnassignCode(code, holder, "wrong user", false);
    } else if (roll == 81 && dice.nextInt(3) == 0) {
      // Of books that have no free code.
      return new ReplaceCode(code, null, holder, "torn");
    } else if (roll < 83) {
      // Lifted more often than not, or soon no code could be locked.
      return new VoidCode(code, null, null, dice.nextBoolean(), dice.nextInt(3) > 0);
    }
    return new RedeemCode(code, holder, null);
  }

  static Op op(Command command) {
    return switch (command) {
      case AssignAny assign -> new Op.Assign(assign.bookId().value(), assign.email().value(), null);
      case AssignCode assign ->
          new Op.Assign(assign.bookId().value(), assign.email().value(), assign.code().value());
      case LockCode lock -> {
        LockToken token = lock.lockToken();
        yield new Op.Lock(lock.code().value(), token == null ? null : token.value());
      }
      case UnlockCode unlock -> new Op.Unlock(unlock.code().value());
      case RedeemCode redeem -> new Op.Redeem(redeem.code().value());
      case VoidCode asked -> asked.undo() ? new Op.Other() : new Op.MakeVoid(asked.code().value());
      case UnassignCode _, ReplaceCode _ -> new Op.Other();
      case ReverseRedemption reverse -> new Op.Reverse(reverse.redemptionId().value());
      case CreateBook _, ChangeBook _, SetBookState _, AddCodes _, CancelLoad _, UndoLoad _ ->
          new Op.Other();
    };
  }

  private static final String ANSWERS =
      """
      SELECT request_id, status, body
      FROM command_outcome
      WHERE request_id = ANY (?::uuid[])
      """;

  /** Asks once for all answers that are still missing; does nothing while the database is away. */
  void poll() {
    var unknown = history.unknown();
    try (var connection = database.owner().getConnection();
        var select = connection.prepareStatement(ANSWERS)) {
      select.setArray(1, connection.createArrayOf("uuid", unknown.toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          history.answered(
              rows.getObject("request_id", UUID.class),
              new History.Answer(
                  rows.getInt("status"), Json.mapper().readTree(rows.getString("body"))));
        }
      }
    } catch (SQLException away) {
      // will be asked again soon
    }
  }

  /** Waits until every request has its answer, and judges what was seen. */
  void settle(Duration most) {
    await("an answer to every request")
        .atMost(most)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          poll();
          return history.unknown().isEmpty();
        });
    assertThat(history.violations()).isEmpty();
    assertThat(database.number("SELECT count(*) FROM command_outcome WHERE parked")).isZero();
  }
}
