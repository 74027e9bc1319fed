package dev.couponbook.edge.coupon;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import dev.couponbook.edge.request.TakesBody;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.pattern.CodePreview;
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

/** What a pattern would make; no command, because nothing is kept. */
@Controller("/coupons/codes/preview")
@ExecuteOn(TaskExecutors.VIRTUAL)
@Tag(name = "Commands")
final class PreviewController {
  /** Shows what {@code POST /coupons/codes} would generate for the same body. */
  @Post
  @NeedsToken(Scope.READ)
  @TakesBody
  @ApiResponse(
      responseCode = "200",
      description = "Samples and figures",
      content = @Content(schema = @Schema(implementation = PatternPreview.class)))
  @ApiResponse(
      responseCode = "400",
      description = "A value is wrong, and named (invalid_value)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE)))
  PatternPreview preview(@Body AddCodesBody body) {
    var generated = body.generation();
    return PatternPreview.of(CodePreview.of(generated.form(), generated.amount()));
  }
}
