package dev.couponbook.edge.request;

import dev.couponbook.edge.body.RawJson;

/** What became of a request: the answer that a waiting caller would have got. */
public record RequestOutcome(int status, RawJson body) {}
