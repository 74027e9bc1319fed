package dev.couponbook.edge.request;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the description of the API says of a route that takes no command, and still acts once if it
 * is asked twice.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Operation(
    parameters =
        @Parameter(
            name = "Idempotency-Key",
            in = ParameterIn.HEADER,
            description = TakesKey.DESCRIPTION,
            example = "\"order-4711\"",
            schema = @Schema(type = "string")))
@ApiResponse(
    responseCode = "422",
    description = "The Idempotency-Key was used for another request (idempotency_key_reused)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "idempotency_key_reused",
                    value = ProblemExamples.IDEMPOTENCY_KEY_REUSED)))
public @interface TakesKey {
  String DESCRIPTION =
      "Names this act, so that asking twice does it once: 1 to 255 characters, as a quoted string or"
          + " bare. The same key with another body or on another route is refused with 422.";
}
