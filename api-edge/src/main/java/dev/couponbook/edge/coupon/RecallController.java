package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.CouponCode;
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

/** Commands with which a partner calls codes back. */
@Controller("/coupons")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class RecallController {
  private final SubmitCommand commands;

  RecallController(SubmitCommand commands) {
    this.commands = commands;
  }

  /** Makes the code void, or lifts that. */
  @Post("/void/{code:[^/]+}")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> voidCode(HttpRequest<?> request, String code, @Nullable @Body VoidBody body) {
    var asked = body == null ? VoidBody.LEFT_OUT : body;
    return commands.submit(request, asked.command(new CouponCode(code)));
  }

  /** Takes a code that is not in use back from its user. */
  @Post("/unassign/{code:[^/]+}")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> unassignCode(HttpRequest<?> request, String code, @Body UnassignBody body) {
    return commands.submit(request, body.command(new CouponCode(code)));
  }

  /** Gives the user another code of the same book for this one. */
  @Post("/replace/{code:[^/]+}")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> replaceCode(HttpRequest<?> request, String code, @Body ReplaceBody body) {
    return commands.submit(request, body.command(new CouponCode(code)));
  }
}
