package dev.couponbook.edge.request;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the description of the API says of every route that reads a body. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ApiResponse(
    responseCode = "413",
    description = "The body has more than 256 KiB (body_too_large)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(name = "body_too_large", value = ProblemExamples.BODY_TOO_LARGE)))
@ApiResponse(
    responseCode = "415",
    description = "The body is not application/json (unsupported_media_type)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "unsupported_media_type",
                    value = ProblemExamples.UNSUPPORTED_MEDIA_TYPE)))
public @interface TakesBody {}
