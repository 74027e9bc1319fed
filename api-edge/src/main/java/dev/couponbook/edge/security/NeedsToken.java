package dev.couponbook.edge.security;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
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
 * What the description of the API says of every route that is not {@link OpenToAll}. {@link
 * RequireToken} asks for a token wherever it is absent, too; the scope is asked for where it stands
 * here.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ApiResponse(
    responseCode = "401",
    description = "No token, or one that does not hold (unauthorized)",
    headers =
        @Header(
            name = "WWW-Authenticate",
            description = "what is wrong with the token",
            required = true,
            schema = @Schema(implementation = String.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples = @ExampleObject(name = "unauthorized", value = ProblemExamples.UNAUTHORIZED)))
@ApiResponse(
    responseCode = "403",
    description = "The token lacks the scope of this route (insufficient_scope)",
    headers =
        @Header(
            name = "WWW-Authenticate",
            description = "the scope that is needed",
            required = true,
            schema = @Schema(implementation = String.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "insufficient_scope",
                    value = ProblemExamples.INSUFFICIENT_SCOPE)))
@ApiResponse(
    responseCode = "429",
    description =
        "Too many requests of this partner (rate_limited); too many codes named that are not there"
            + " (too_many_misses)",
    headers =
        @Header(
            name = "Retry-After",
            description = "seconds until the next may come",
            required = true,
            schema = @Schema(implementation = Integer.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples = @ExampleObject(name = "rate_limited", value = ProblemExamples.RATE_LIMITED)))
@ApiResponse(
    responseCode = "503",
    description =
        "A part of the service does not answer, and nothing happened (unavailable); Retry-After says"
            + " when to try again",
    headers =
        @Header(
            name = "Retry-After",
            description = "seconds until it is worth trying again",
            required = true,
            schema = @Schema(implementation = Integer.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples = @ExampleObject(name = "unavailable", value = ProblemExamples.UNAVAILABLE)))
@ApiResponse(
    responseCode = "400",
    description = "A parameter, a header or the body is not understood; field says which",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples = {
              @ExampleObject(name = "missing", value = ProblemExamples.MISSING),
              @ExampleObject(name = "invalid_value", value = ProblemExamples.INVALID_VALUE),
              @ExampleObject(name = "malformed_json", value = ProblemExamples.MALFORMED_JSON)
            }))
@ApiResponse(
    responseCode = "404",
    description = "There is no such thing, or it is another partner's (not_found)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples = @ExampleObject(name = "not_found", value = ProblemExamples.NOT_FOUND)))
@ApiResponse(
    responseCode = "405",
    description = "The path does not answer to that method (method_not_allowed)",
    headers =
        @Header(
            name = "Allow",
            description = "the methods that it answers to",
            required = true,
            schema = @Schema(implementation = String.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "method_not_allowed",
                    value = ProblemExamples.METHOD_NOT_ALLOWED)))
@ApiResponse(
    responseCode = "406",
    description = "Answers are JSON (not_acceptable)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(name = "not_acceptable", value = ProblemExamples.NOT_ACCEPTABLE)))
@ApiResponse(
    responseCode = "414",
    description = "The address has more than 4 KiB (address_too_long)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "address_too_long",
                    value = ProblemExamples.ADDRESS_TOO_LONG)))
@ApiResponse(
    responseCode = "431",
    description = "All headers have more than 16 KiB (headers_too_large)",
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    name = "headers_too_large",
                    value = ProblemExamples.HEADERS_TOO_LARGE)))
public @interface NeedsToken {
  /** What the token must allow. */
  Scope value();
}
