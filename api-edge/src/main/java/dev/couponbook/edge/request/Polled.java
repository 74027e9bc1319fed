package dev.couponbook.edge.request;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the description of the API says of every route that is asked again and again. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Operation(
    parameters =
        @Parameter(
            name = "If-None-Match",
            in = ParameterIn.HEADER,
            description = "the ETag of the answer that the caller has: if nothing has changed, 304",
            schema = @Schema(type = "string")))
@ApiResponse(
    responseCode = "304",
    description = "Nothing has changed since the answer with that ETag",
    headers =
        @Header(
            name = "Retry-After",
            description = "seconds until it is worth asking again, while it goes on",
            schema = @Schema(implementation = Integer.class)))
public @interface Polled {}
