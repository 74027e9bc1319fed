package dev.couponbook.edge.security;

import dev.couponbook.edge.problem.Problem;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the description of the API says of every route that is not {@link OpenToAll}. It describes
 * only: {@link RequireToken} asks for a token wherever it is absent, too.
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
            schema = @Schema(implementation = String.class)),
    content =
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(implementation = Problem.class)))
public @interface NeedsToken {}
