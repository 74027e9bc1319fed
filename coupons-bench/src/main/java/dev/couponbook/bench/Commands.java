package dev.couponbook.bench;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.load.FindJob;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Books of the home's first partner, and commands on them as the edge would queue them. */
public final class Commands {
  private final Home home;
  private final PartnerId partner;

  public Commands(Home home) {
    this.home = home;
    this.partner = OpsDatabase.ask(home, Commands::firstPartner);
  }

  private static PartnerId firstPartner(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement("SELECT id FROM partner WHERE name = ?")) {
      select.setString(1, Partners.FIRST);
      var row = select.executeQuery();
      row.next();
      return new PartnerId(row.getInt(1));
    }
  }

  PartnerId partner() {
    return partner;
  }

  /** A command as the edge would queue it, under this id. */
  public CommandMessage message(UUID request, Command command) {
    return new CommandMessage(new RequestId(request), partner, Fingerprint.of("bench"), command);
  }

  /** An assign to a user of its own for each number. */
  public static Command assign(BookId book, int number) {
    return new AssignAny(book, new Email("user" + number + "@example.com"));
  }

  /** A new book with this many generated codes. */
  public static BookId book(BenchRun run, EdgeClient edge, int codes) {
    var book = run.newBook(edge);
    var request =
        edge.submit("/coupons/codes", Map.of("bookId", book, "generated", Map.of("amount", codes)));
    TimedLoad.follow(run.home(), FindJob.uuid(request));
    return BookId.parse(book);
  }

  /** A code, and who holds it. */
  record Held(CouponCode code, Email user) {}

  private static final String HELD =
      """
      SELECT c.code, c.holder
      FROM coupon c
      JOIN coupon_book b ON b.id = c.book_id
      WHERE b.public_id = ? AND c.state = 'assigned'
      """;

  /** The assigned codes of a book. */
  List<Held> held(BookId book) {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var select = connection.prepareStatement(HELD)) {
            select.setObject(1, book.value());
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
