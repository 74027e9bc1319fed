package dev.couponbook.edge.request;

import dev.couponbook.edge.body.RawJson;
import io.swagger.v3.oas.annotations.media.Schema;

/** What became of a request: the answer that a caller who waited for it would have got. */
@Schema(name = "Outcome")
public record RequestOutcome(
    @Schema(description = "the HTTP status", example = "200") int status,
    @Schema(
            type = "object",
            additionalProperties = Schema.AdditionalPropertiesValue.TRUE,
            description = "as described at the call itself")
        RawJson body) {}
