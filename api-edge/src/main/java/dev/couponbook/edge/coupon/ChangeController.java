package dev.couponbook.edge.coupon;

import dev.couponbook.command.SetBookState;
import dev.couponbook.coupon.BookState;
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

  /** Assigns and locks nothing of the book until it is resumed. */
  @Post("/pause")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> pauseBook(
      HttpRequest<?> request, String bookId, @Nullable @Body ReasonBody body) {
    return set(request, bookId, BookState.PAUSED, body);
  }

  /** Ends the pause. */
  @Post("/resume")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> resumeBook(
      HttpRequest<?> request, String bookId, @Nullable @Body ReasonBody body) {
    return set(request, bookId, BookState.OPEN, body);
  }

  /** Ends the book for good. */
  @Post("/close")
  @NeedsToken(Scope.WRITE)
  HttpResponse<?> closeBook(
      HttpRequest<?> request, String bookId, @Nullable @Body ReasonBody body) {
    return set(request, bookId, BookState.CLOSED, body);
  }

  private HttpResponse<?> set(
      HttpRequest<?> request, String bookId, BookState state, @Nullable ReasonBody body) {
    return commands.submit(
        request, new SetBookState(GivenIds.book(bookId), state, ReasonBody.of(body)));
  }
}
