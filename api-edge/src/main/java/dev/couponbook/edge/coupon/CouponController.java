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
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.request.SubmitCommand;
import dev.couponbook.edge.request.TakesBody;
import dev.couponbook.edge.request.TakesCommand;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Commands on books and codes: each becomes a message, and its answer is the worker's. */
@Controller("/coupons")
@ExecuteOn(TaskExecutors.VIRTUAL)
@Tag(name = "Commands")
final class CouponController {
  private final SubmitCommand commands;

  CouponController(SubmitCommand commands) {
    this.commands = commands;
  }

  /** Creates a book. */
  @Post
  @NeedsToken(Scope.WRITE)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "201",
      description = "Created",
      content = @Content(schema = @Schema(implementation = Outcomes.BookCreated.class)))
  HttpResponse<?> createBook(HttpRequest<?> request, @Body CreateBookBody body) {
    return commands.submit(request, body.command());
  }

  /** Adds codes to a book: up to 1,000 are answered, more become a job. */
  @Post("/codes")
  @NeedsToken(Scope.WRITE)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "201",
      description = "Added",
      content = @Content(schema = @Schema(implementation = Outcomes.CodesAdded.class)))
  @ApiResponse(
      responseCode = "200",
      description = "The job was cancelled: the codes that were made until then",
      content = @Content(schema = @Schema(implementation = Outcomes.CodesAdded.class)))
  @ApiResponse(
      responseCode = "400",
      description =
          "Book not found (book_not_found); Failed to generate {amount} random new codes"
              + " (cannot_generate); a value is wrong, and named (invalid_value)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = {
                @ExampleObject(name = "book_not_found", value = ProblemExamples.BOOK_NOT_FOUND),
                @ExampleObject(name = "cannot_generate", value = ProblemExamples.CANNOT_GENERATE),
                @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)
              }))
  @ApiResponse(
      responseCode = "409",
      description = "Codes already exist (codes_already_exist), naming them; nothing was added",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "codes_already_exist",
                      value = ProblemExamples.CODES_ALREADY_EXIST)))
  HttpResponse<?> addCodes(HttpRequest<?> request, @Body AddCodesBody body) {
    return commands.submit(request, body.command());
  }

  /** Gives the user a random free code of the book. */
  @Post("/assign")
  @NeedsToken(Scope.WRITE)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Assigned",
      content = @Content(schema = @Schema(implementation = Outcomes.Assigned.class)))
  @ApiResponse(
      responseCode = "400",
      description =
          "Book not found (book_not_found); User already has maximum number of assigned codes in the"
              + " book. (max_codes_per_user); No available codes left in the book. (no_codes_left)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = {
                @ExampleObject(name = "book_not_found", value = ProblemExamples.BOOK_NOT_FOUND),
                @ExampleObject(
                    name = "max_codes_per_user",
                    value = ProblemExamples.MAX_CODES_REACHED),
                @ExampleObject(name = "no_codes_left", value = ProblemExamples.NO_CODES_LEFT),
                @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)
              }))
  HttpResponse<?> assignAny(HttpRequest<?> request, @Body AssignBody body) {
    return commands.submit(request, new AssignAny(body.bookId(), body.email()));
  }

  /** Gives the user this code of the book. */
  @Post("/assign/{code:[^/]+}")
  @NeedsToken(Scope.WRITE)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Assigned",
      content = @Content(schema = @Schema(implementation = Outcomes.Assigned.class)))
  @ApiResponse(
      responseCode = "400",
      description =
          "Code already assigned (already_assigned); User already has maximum number of assigned codes"
              + " in the book. (max_codes_per_user)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = {
                @ExampleObject(name = "already_assigned", value = ProblemExamples.ALREADY_ASSIGNED),
                @ExampleObject(
                    name = "max_codes_per_user",
                    value = ProblemExamples.MAX_CODES_REACHED),
                @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)
              }))
  @ApiResponse(
      responseCode = "404",
      description = "Code not found (code_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(name = "code_not_found", value = ProblemExamples.CODE_NOT_FOUND)))
  HttpResponse<?> assignCode(HttpRequest<?> request, String code, @Body AssignBody body) {
    return commands.submit(
        request, new AssignCode(body.bookId(), new CouponCode(code), body.email()));
  }

  /** Locks the user's code for a checkout; with the live lock's token, extends that lock. */
  @Post("/lock/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Locked",
      content = @Content(schema = @Schema(implementation = Outcomes.Locked.class)))
  @ApiResponse(
      responseCode = "400",
      description =
          "Coupon has reached its maximum redeem count per user (max_redeems_per_user); Cannot lock"
              + " coupon (cannot_lock); User already has maximum number of locked coupons."
              + " (max_locks_per_user)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = {
                @ExampleObject(
                    name = "max_redeems_per_user",
                    value = ProblemExamples.MAX_REDEEMS_REACHED),
                @ExampleObject(name = "cannot_lock", value = ProblemExamples.CANNOT_LOCK),
                @ExampleObject(
                    name = "max_locks_per_user",
                    value = ProblemExamples.MAX_LOCKS_REACHED),
                @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)
              }))
  @ApiResponse(
      responseCode = "404",
      description = "User has no coupon with that code assigned (coupon_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "coupon_not_found",
                      value = ProblemExamples.NO_COUPON_OF_USER)))
  HttpResponse<?> lock(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new LockCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Gives up the lock on the user's code, if there is one. */
  @Post("/unlock/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Not locked any more",
      content = @Content(schema = @Schema(implementation = Outcomes.Success.class)))
  @ApiResponse(
      responseCode = "404",
      description = "User has no coupon with that code assigned (coupon_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "coupon_not_found",
                      value = ProblemExamples.NO_COUPON_OF_USER)))
  HttpResponse<?> unlock(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new UnlockCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Uses the user's locked code once. */
  @Post("/redeem/{code:[^/]+}")
  @NeedsToken(Scope.REDEEM)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Redeemed; the lock has ended",
      content = @Content(schema = @Schema(implementation = Outcomes.Redeemed.class)))
  @ApiResponse(
      responseCode = "400",
      description =
          "Coupon has reached its maximum redeem count per user (max_redeems_per_user); Coupon is not"
              + " locked (not_locked)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples = {
                @ExampleObject(
                    name = "max_redeems_per_user",
                    value = ProblemExamples.MAX_REDEEMS_REACHED),
                @ExampleObject(name = "not_locked", value = ProblemExamples.NOT_LOCKED),
                @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)
              }))
  @ApiResponse(
      responseCode = "404",
      description = "User has no coupon with that code assigned (coupon_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "coupon_not_found",
                      value = ProblemExamples.NO_COUPON_OF_USER)))
  HttpResponse<?> redeem(HttpRequest<?> request, String code, @Body HolderBody body) {
    return commands.submit(
        request, new RedeemCode(new CouponCode(code), body.email(), body.lockToken()));
  }

  /** Gives the use of a code back, once. */
  @Post("/redemptions/{redemptionId}/reverse")
  @NeedsToken(Scope.REDEEM)
  @TakesCommand
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Reversed",
      content = @Content(schema = @Schema(implementation = Outcomes.Success.class)))
  @ApiResponse(
      responseCode = "404",
      description = "Redemption not found (redemption_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "redemption_not_found",
                      value = ProblemExamples.REDEMPTION_NOT_FOUND)))
  @ApiResponse(
      responseCode = "409",
      description = "Redemption already reversed (already_reversed)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "already_reversed",
                      value = ProblemExamples.ALREADY_REVERSED)))
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
      var refusal = Refusal.REDEMPTION_NOT_FOUND;
      throw ProblemException.notFound(refusal.code(), refusal.sentence());
    }
  }
}
