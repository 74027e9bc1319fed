package dev.couponbook.cli.book;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Columns;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.json.Json;
import dev.couponbook.store.read.ReadBookHistory;
import dev.couponbook.store.read.ReadBookHistory.BookChange;
import dev.couponbook.store.read.ReadBookHistory.Owner;
import dev.couponbook.store.read.ReadBooks;
import dev.couponbook.store.read.ReadBooks.CountedBook;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Shows a book, its counts, and what was done to it by which request.")
final class BookShow implements Callable<Integer> {
  // More than a book is changed in its life, and few enough for a terminal's history.
  private static final int MOST_CHANGES = 100;

  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The book's id.")
  String id = "";

  /** A book as it is shown. */
  private record Shown(Owner owner, CountedBook counted, List<BookChange> changes) {}

  @Override
  public Integer call() {
    var home = options.home();
    var book = ForPartner.book(id);
    var owner = ForPartner.owner(home, book);
    var shown = OpsDatabase.ask(home, connection -> read(connection, owner, book));
    if (options.json) {
      Answer.json(json(shown));
    } else {
      lines(shown).forEach(line -> System.out.println(Columns.cut(line)));
    }
    return ExitCode.DONE;
  }

  // In one transaction, because the setting that names the partner ends with it.
  private static Shown read(Connection connection, Owner owner, BookId book) throws SQLException {
    connection.setAutoCommit(false);
    var counted =
        ReadBooks.find(connection, owner.partner(), book)
            .orElseThrow(() -> new IllegalStateException("book " + book + " is gone"));
    var changes = ReadBookHistory.changes(connection, owner.partner(), book, MOST_CHANGES);
    connection.rollback();
    return new Shown(owner, counted, changes);
  }

  private static Map<String, Object> json(Shown shown) {
    var book = shown.counted().book();
    var terms = book.terms();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("bookId", book.id());
    answer.put("partner", shown.owner().name());
    answer.put("bookName", book.name());
    answer.put("state", book.state());
    answer.put("version", book.version());
    answer.put("maxCodesPerUser", terms.maxCodesPerUser());
    answer.put("maxRedeemCountPerUser", terms.maxRedeemsPerUser());
    put(answer, "startsAt", terms.startsAt());
    put(answer, "expiresAt", terms.expiresAt());
    answer.put("lockSeconds", terms.lockSeconds());
    answer.put("counts", counts(shown));
    answer.put("changes", shown.changes().stream().map(BookShow::json).toList());
    return answer;
  }

  private static void put(Map<String, Object> answer, String member, @Nullable Instant time) {
    if (time != null) {
      answer.put(member, time);
    }
  }

  private static Map<String, Long> counts(Shown shown) {
    var counts = shown.counted().counts();
    var answer = new LinkedHashMap<String, Long>();
    answer.put("total", counts.total());
    answer.put("free", counts.free());
    answer.put("assigned", counts.assigned());
    answer.put("locked", counts.locked());
    answer.put("redeemed", counts.redeemed());
    answer.put("void", counts.voided());
    answer.put("blocked", counts.blocked());
    return answer;
  }

  private static Map<String, Object> json(BookChange change) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("version", change.version());
    answer.put("at", change.at());
    answer.put("requestId", change.request());
    answer.put("asked", Json.mapper().readTree(change.asked()));
    return answer;
  }

  private static List<String> lines(Shown shown) {
    var book = shown.counted().book();
    var terms = book.terms();
    var lines = new ArrayList<String>();
    lines.add("%s of %s: %s".formatted(book.id(), shown.owner().name(), book.name()));
    lines.add("state      %s, version %d".formatted(book.state().text(), book.version()));
    lines.add(
        "per user   %s codes, each used %s times"
            .formatted(limit(terms.maxCodesPerUser()), limit(terms.maxRedeemsPerUser())));
    lines.add(
        "dates      from %s to %s, locks of %d s"
            .formatted(date(terms.startsAt()), date(terms.expiresAt()), terms.lockSeconds()));
    counts(shown).forEach((count, codes) -> lines.add("%-10s %,d".formatted(count, codes)));
    for (var change : shown.changes()) {
      lines.add(
          "version %d at %s: %s"
              .formatted(change.version(), Columns.minute(change.at()), change.asked()));
    }
    return lines;
  }

  private static String limit(int limit) {
    return limit == 0 ? "any number of" : Integer.toString(limit);
  }

  private static String date(@Nullable Instant date) {
    return date == null ? "-" : date.toString();
  }
}
