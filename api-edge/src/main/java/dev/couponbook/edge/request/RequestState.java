package dev.couponbook.edge.request;

import org.jspecify.annotations.Nullable;

/** A request as its partner sees it. */
public record RequestState(
    String requestId,
    RequestStatus status,
    @Nullable RequestOutcome outcome,
    @Nullable LoadProgress progress) {}
