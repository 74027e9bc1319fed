package dev.couponbook.edge;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;

/** What the description of the API, made from the code at build time, says of all routes. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Couponbook",
            version = "1.0",
            description =
                "Books of coupon codes: loaded by the million, assigned, locked and redeemed exactly"
                    + " once. Commands are answered with 202 and have their outcome at /requests/{id};"
                    + " with Prefer: wait=N the answer is the outcome itself.",
            license = @License(name = "Apache-2.0")),
    security = @SecurityRequirement(name = "bearer"))
@SecurityScheme(
    name = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT",
    description = "An access token; the partner comes from it and from nowhere else")
final class ApiDescription {
  private ApiDescription() {}
}
