package dev.couponbook.edge.request;

import dev.couponbook.edge.body.RawJson;

/** What became of a request: the answer that a caller who waited for it would have got. */
public record RequestOutcome(int status, RawJson body) {}
