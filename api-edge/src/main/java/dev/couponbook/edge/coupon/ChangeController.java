package dev.couponbook.edge.coupon;

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

/**
 * Commands that change a book itself.
 *
 * <p>The characters of an id keep these paths apart from those that end in a code: {@code
 * /coupons/lock/change} locks a code that is called "change".
 */
@Controller("/coupons/{bookId:[0-9A-Fa-f-]+}")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class ChangeController {
  private final SubmitCommand commands;

  ChangeController(SubmitCommand commands) {
    this.commands = commands;
  }

  /** Gives the book new terms, a new name or new metadata. */
  @Post("/change")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> changeBook(HttpRequest<?> request, String bookId, @Body ChangeBookBody body) {
    return commands.submit(request, body.command(GivenIds.book(bookId)));
  }
}
