package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadCodes;
import dev.couponbook.store.read.ReadCodes.Change;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Who holds which code, and what happened to it. */
@Controller
@ExecuteOn(TaskExecutors.VIRTUAL)
final class CodeController {
  // A code that is locked and used every day for a year has fewer changes.
  private static final int MAX_CHANGES = 1_000;

  private final Transactions transactions;
  private final HeldCodes held;
  private final RequestIds ids;

  CodeController(Transactions transactions, HeldCodes held, RequestIds ids) {
    this.transactions = transactions;
    this.held = held;
    this.ids = ids;
  }

  /** The codes of the book that the user holds. */
  @Get("/coupon/{bookId}")
  @NeedsToken(Scope.READ)
  HttpResponse<UserCodes> codesOfUser(
      HttpRequest<?> request,
      String bookId,
      @QueryValue String email,
      @QueryValue @Nullable String cursor) {
    return HttpResponse.ok(held.find(Caller.of(request).partner(), bookId, email, cursor));
  }

  /** A code of the book: its state, and who changed it when. */
  @Get("/coupons/{bookId}/codes/{code}")
  @NeedsToken(Scope.READ)
  HttpResponse<CodeView> codeHistory(HttpRequest<?> request, String bookId, String code) {
    var partner = Caller.of(request).partner();
    var book = GivenIds.book(bookId);
    if (!CouponCode.isValid(code)) {
      throw ProblemException.notFound();
    }
    var named = new CouponCode(code);
    return HttpResponse.ok(
        transactions
            .inTransaction(c -> ReadCodes.find(c, partner, book, named, MAX_CHANGES))
            .map(found -> CodeView.of(named, found, change -> requestId(partner, change)))
            .orElseThrow(ProblemException::notFound));
  }

  private String requestId(PartnerId partner, Change change) {
    return change.fingerprint() == null
        ? ids.text(partner, change.request())
        : ids.text(partner, change.request(), change.fingerprint());
  }
}
