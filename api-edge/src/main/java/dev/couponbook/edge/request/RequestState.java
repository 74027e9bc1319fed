package dev.couponbook.edge.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A request as its partner sees it. */
@Schema(name = "Request")
public record RequestState(
    @Schema(description = "to ask again with") String requestId,
    RequestStatus status,
    @Schema(description = "once it has succeeded or failed") @Nullable RequestOutcome outcome,
    @Schema(description = "of a job that makes many codes") @Nullable LoadProgress progress) {}
