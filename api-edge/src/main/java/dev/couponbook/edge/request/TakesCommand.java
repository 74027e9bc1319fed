package dev.couponbook.edge.request;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the description of the API says of every route that takes a command, beside {@link
 * TakesKey}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Operation(
    parameters = {
      @Parameter(
          name = "Idempotency-Key",
          in = ParameterIn.HEADER,
          description = TakesKey.DESCRIPTION,
          example = "\"order-4711\"",
          schema = @Schema(type = "string")),
      @Parameter(
          name = "Prefer",
          in = ParameterIn.HEADER,
          description =
              "wait=N: answer with the outcome itself, if it comes within N seconds (25 at most)",
          example = "wait=10",
          schema = @Schema(type = "string"))
    })
@ApiResponse(
    responseCode = "202",
    description = "Kept: it will have its outcome, whatever happens in between",
    headers = {
      @Header(
          name = "Location",
          description = "where to ask for the outcome",
          required = true,
          schema = @Schema(implementation = String.class)),
      @Header(
          name = "Retry-After",
          description = "seconds until then",
          required = true,
          schema = @Schema(implementation = Integer.class)),
      @Header(
          name = "Idempotent-Replayed",
          description = "true: the key was used before, and has its outcome",
          schema = @Schema(implementation = String.class))
    },
    content =
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = RequestState.class)))
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
@ApiResponse(
    responseCode = "500",
    description = "Tried again and again in vain, and set aside for the operators (internal_error)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(name = "internal_error", value = ProblemExamples.INTERNAL_ERROR)))
public @interface TakesCommand {}
