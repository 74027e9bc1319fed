package dev.couponbook.edge.file;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the description of the API says of every route that answers with a file of the bucket. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ApiResponse(
    responseCode = "303",
    description = "The file is there, for some minutes",
    headers =
        @Header(
            name = "Location",
            description = "the file's address, which needs no token",
            required = true,
            schema = @Schema(type = "string")))
public @interface Redirects {}
