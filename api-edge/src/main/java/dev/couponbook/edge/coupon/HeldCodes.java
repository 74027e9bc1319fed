package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks up the codes of a book that a user holds, a page at a time. */
@Singleton
final class HeldCodes {
  // A user of a book without limit may hold any number: a page of them is some 100 KB.
  private static final int MAX_CODES = 1_000;

  private final Transactions transactions;

  HeldCodes(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A page of the user's codes, in a transaction of its own.
   *
   * @param cursor as the page before had it, or null for the first page
   * @throws ProblemException 404 if the user holds no code of such a book, 400 if the cursor is
   *     none
   */
  UserCodes find(PartnerId partner, String bookId, String email, @Nullable String cursor) {
    var holder = new Email(email);
    var after = cursor == null ? "" : code(cursor);
    var book = GivenIds.book(bookId);
    var codes =
        transactions.inTransaction(
            c -> ReadBooks.held(c, partner, book, holder, after, MAX_CODES + 1));
    if (codes.isEmpty()) {
      throw ProblemException.notFound();
    }
    var page = codes.subList(0, Math.min(MAX_CODES, codes.size()));
    return UserCodes.of(
        book.toString(),
        page.stream().map(UserCodes.UserCode::of).toList(),
        codes.size() > MAX_CODES ? cursorOf(page) : null);
  }

  // In hexadecimal, so that the description can say in a pattern what is a cursor, and so that a
  // code does not stand as it is in logs that show addresses.
  private static String cursorOf(List<ReadBooks.UsersCode> page) {
    return HexFormat.of()
        .formatHex(page.getLast().code().value().getBytes(StandardCharsets.US_ASCII));
  }

  private static String code(String cursor) {
    try {
      var code = new String(HexFormat.of().parseHex(cursor), StandardCharsets.US_ASCII);
      if (CouponCode.isValid(code)) {
        return code;
      }
    } catch (IllegalArgumentException notHexadecimal) {
      // said below
    }
    throw GivenIds.badCursor();
  }
}
