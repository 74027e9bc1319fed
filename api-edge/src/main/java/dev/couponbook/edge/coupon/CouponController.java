package dev.couponbook.edge.coupon;

import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.request.SubmitCommand;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Commands on books and codes: each becomes a message, and its answer is the worker's. */
@Controller("/coupons")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class CouponController {
  private final SubmitCommand commands;

  CouponController(SubmitCommand commands) {
    this.commands = commands;
  }

  /** Creates a book. */
  @Post
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> createBook(HttpRequest<?> request, @Body CreateBookBody body) {
    return commands.submit(request, body.command());
  }

  /** Adds codes to a book: up to 1,000 are answered, more become a job. */
  @Post("/codes")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> addCodes(HttpRequest<?> request, @Body AddCodesBody body) {
    return commands.submit(request, body.command());
  }

  /** Gives the user a random free code of the book. */
  @Post("/assign")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> assignAny(HttpRequest<?> request, @Body AssignBody body) {
    return commands.submit(request, new AssignAny(body.bookId(), body.email()));
  }

  /** Gives the user this code of the book. */
  @Post("/assign/{code:[^/]+}")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> assignCode(HttpRequest<?> request, String code, @Body AssignBody body) {
    return commands.submit(
        request, new AssignCode(body.bookId(), new CouponCode(code), body.email()));
  }

  /** Locks the user's code for a checkout; with the live lock's token, extends that lock. */
  @Post("/lock/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  HttpResponse<?> lock(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new LockCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Releases the lock on the user's code; having none is also success. */
  @Post("/unlock/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  HttpResponse<?> unlock(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new UnlockCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Uses the user's locked code once. */
  @Post("/redeem/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  HttpResponse<?> redeem(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new RedeemCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Gives the use of a code back, once. */
  @Post("/redemptions/{redemptionId}/reverse")
  @NeedsToken(Scope.REDEEM)
  HttpResponse<?> reverse(
      HttpRequest<?> request, String redemptionId, @Nullable @Body ReverseBody body) {
    return commands.submit(
        request,
        new ReverseRedemption(
            redemption(redemptionId), body == null ? null : body.checkedReason()));
  }

  private static RedemptionId redemption(String text) {
    try {
      return RedemptionId.parse(text);
    } catch (InvalidValueException neverGivenOut) {
      throw ProblemException.notFound(Refusal.REDEMPTION_NOT_FOUND);
    }
  }
}
