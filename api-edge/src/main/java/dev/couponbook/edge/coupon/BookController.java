package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import dev.couponbook.store.read.ReadCodes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a partner looks up: its books, their counts, and who holds which code. */
@Controller
@ExecuteOn(TaskExecutors.VIRTUAL)
@Tag(name = "Books")
final class BookController {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  // A user of a book without limit may hold any number: a page of them is some 100 KB.
  private static final int MAX_CODES = 1_000;
  // A code that is locked and used every day for a year has fewer changes.
  private static final int MAX_CHANGES = 1_000;

  private final Transactions transactions;

  BookController(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The partner's books, oldest first. */
  @Get("/coupons")
  @NeedsToken(Scope.READ)
  @ApiResponse(
      responseCode = "200",
      description = "A page of books",
      content = @Content(schema = @Schema(implementation = BookList.class)))
  HttpResponse<BookList> books(
      HttpRequest<?> request,
      @Parameter(description = "as the page before had it in next") @QueryValue
          @Nullable String cursor,
      @Parameter(
              description = "books of a page",
              schema =
                  @Schema(type = "integer", minimum = "1", maximum = "200", defaultValue = "50"))
          @QueryValue
          @Nullable Integer limit) {
    int size = limit(limit);
    var after = cursor == null ? null : bookCursor(Caller.of(request).partner(), cursor);
    var books =
        transactions.inTransaction(
            c -> ReadBooks.list(c, Caller.of(request).partner(), after, size + 1));
    var page = books.subList(0, Math.min(size, books.size()));
    var next = books.size() > size ? page.getLast().id().toString() : null;
    return HttpResponse.ok(new BookList(page.stream().map(BookView::listed).toList(), next));
  }

  /** A book and its counts; with an e-mail address, the codes of the book that this user holds. */
  @Get("/coupons/{bookId}")
  @NeedsToken(Scope.READ)
  @ApiResponse(
      responseCode = "200",
      description = "The book; with email, the user's codes",
      content = @Content(schema = @Schema(oneOf = {BookView.class, UserCodes.class})))
  @ApiResponse(
      responseCode = "404",
      description = "No such book; or the user holds no code of it",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = @ExampleObject(name = "not_found", value = ProblemExamples.NOT_FOUND)))
  HttpResponse<?> book(
      HttpRequest<?> request,
      String bookId,
      @QueryValue @Nullable String email,
      @QueryValue @Nullable String cursor) {
    return email == null
        ? HttpResponse.ok(counted(Caller.of(request).partner(), bookId))
        : HttpResponse.ok(held(Caller.of(request).partner(), bookId, email, cursor));
  }

  /** The codes of the book that the user holds. */
  @Get("/coupon/{bookId}")
  @NeedsToken(Scope.READ)
  @ApiResponse(
      responseCode = "200",
      description = "The user's codes",
      content = @Content(schema = @Schema(implementation = UserCodes.class)))
  @ApiResponse(
      responseCode = "404",
      description = "The user holds no code of such a book",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = @ExampleObject(name = "not_found", value = ProblemExamples.NOT_FOUND)))
  HttpResponse<UserCodes> codesOfUser(
      HttpRequest<?> request,
      String bookId,
      @QueryValue String email,
      @QueryValue @Nullable String cursor) {
    return HttpResponse.ok(held(Caller.of(request).partner(), bookId, email, cursor));
  }

  /** A code of the book: its state, and who changed it when. */
  @Get("/coupons/{bookId}/codes/{code}")
  @NeedsToken(Scope.READ)
  @ApiResponse(
      responseCode = "200",
      description = "The code and its history",
      content = @Content(schema = @Schema(implementation = CodeView.class)))
  @ApiResponse(
      responseCode = "404",
      description = "The partner has no such code in such a book",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = @ExampleObject(name = "not_found", value = ProblemExamples.NOT_FOUND)))
  HttpResponse<CodeView> codeHistory(HttpRequest<?> request, String bookId, String code) {
    var partner = Caller.of(request).partner();
    var book = book(bookId);
    if (!CouponCode.isValid(code)) {
      throw ProblemException.notFound();
    }
    var named = new CouponCode(code);
    return HttpResponse.ok(
        transactions
            .inTransaction(c -> ReadCodes.find(c, partner, book, named, MAX_CHANGES))
            .map(found -> CodeView.of(named, found))
            .orElseThrow(ProblemException::notFound));
  }

  private BookView counted(PartnerId partner, String bookId) {
    var book = book(bookId);
    return transactions
        .inTransaction(c -> ReadBooks.find(c, partner, book))
        .map(BookView::of)
        .orElseThrow(ProblemException::notFound);
  }

  private UserCodes held(PartnerId partner, String bookId, String email, @Nullable String cursor) {
    var holder = new Email(email);
    var after = cursor == null ? "" : codeCursor(cursor);
    var book = book(bookId);
    var codes =
        transactions.inTransaction(
            c -> ReadBooks.held(c, partner, book, holder, after, MAX_CODES + 1));
    if (codes.isEmpty()) {
      throw ProblemException.notFound();
    }
    var page = codes.subList(0, Math.min(MAX_CODES, codes.size()));
    return new UserCodes(
        book.toString(),
        page.stream().map(UserCodes.UserCode::of).toList(),
        codes.size() > MAX_CODES ? cursorOf(page) : null);
  }

  private static int limit(@Nullable Integer limit) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ProblemException.invalid("limit", "limit must be between 1 and " + MAX_LIMIT);
    }
    return limit;
  }

  // What is no id was never given out, and so is not there.
  private static BookId book(String text) {
    try {
      return BookId.parse(text);
    } catch (InvalidValueException neverGivenOut) {
      throw ProblemException.notFound();
    }
  }

  private BookId bookCursor(PartnerId partner, String cursor) {
    try {
      var book = BookId.parse(cursor);
      if (transactions.inTransaction(c -> ReadBooks.number(c, partner, book)).isPresent()) {
        return book;
      }
    } catch (InvalidValueException neverGivenOut) {
      // said below
    }
    throw badCursor();
  }

  // Base64 keeps a code out of logs that show addresses.
  private static String cursorOf(List<ReadBooks.UsersCode> page) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(page.getLast().code().value().getBytes(StandardCharsets.US_ASCII));
  }

  private static String codeCursor(String cursor) {
    try {
      var code = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      if (CouponCode.isValid(code)) {
        return code;
      }
    } catch (IllegalArgumentException notBase64) {
      // said below
    }
    throw badCursor();
  }

  private static ProblemException badCursor() {
    return ProblemException.invalid("cursor", "cursor must be as the page before had it in next");
  }
}
