package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The books of a partner, and their counts. */
@Controller("/coupons")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class BookController {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Transactions transactions;
  private final HeldCodes held;

  BookController(Transactions transactions, HeldCodes held) {
    this.transactions = transactions;
    this.held = held;
  }

  /** The partner's books, oldest first. */
  @Get
  @NeedsToken(Scope.READ)
  HttpResponse<BookList> books(
      HttpRequest<?> request,
      @QueryValue @Nullable String cursor,
      @QueryValue @Nullable String limit) {
    int size = limit(limit);
    var partner = Caller.of(request).partner();
    var after = cursor == null ? null : after(partner, cursor);
    var books = transactions.inTransaction(c -> ReadBooks.list(c, partner, after, size + 1));
    var page = books.subList(0, Math.min(size, books.size()));
    var next = books.size() > size ? page.getLast().id().toString() : null;
    return HttpResponse.ok(BookList.of(page.stream().map(BookView::listed).toList(), next));
  }

  /** A book and its counts; with an e-mail address, the codes of the book that this user holds. */
  @Get("/{bookId}")
  @NeedsToken(Scope.READ)
  HttpResponse<?> book(
      HttpRequest<?> request,
      String bookId,
      @QueryValue @Nullable String email,
      @QueryValue @Nullable String cursor) {
    var partner = Caller.of(request).partner();
    if (email == null && cursor != null) {
      throw new ProblemException(
          Problem.of(ProblemCode.MISSING, "email is required beside cursor").at("email"), Map.of());
    }
    return HttpResponse.ok(
        email == null ? counted(partner, bookId) : held.find(partner, bookId, email, cursor));
  }

  private BookView counted(PartnerId partner, String bookId) {
    var book = GivenIds.book(bookId);
    return transactions
        .inTransaction(c -> ReadBooks.find(c, partner, book))
        .map(BookView::of)
        .orElseThrow(ProblemException::notFound);
  }

  // Read here, because the framework takes an empty value for an absent one.
  private static int limit(@Nullable String limit) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    int number = NUMBER.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
    if (number < 1 || number > MAX_LIMIT) {
      throw ProblemException.invalid("limit", "limit must be between 1 and " + MAX_LIMIT);
    }
    return number;
  }

  private BookId after(PartnerId partner, String cursor) {
    var book = book(cursor);
    if (transactions.inTransaction(c -> ReadBooks.number(c, partner, book)).isEmpty()) {
      throw ProblemException.notFound();
    }
    return book;
  }

  private static BookId book(String cursor) {
    try {
      return BookId.parse(cursor);
    } catch (InvalidValueException neverGivenOut) {
      throw GivenIds.badCursor();
    }
  }
}
