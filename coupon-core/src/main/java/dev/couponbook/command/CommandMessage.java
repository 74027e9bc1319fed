package dev.couponbook.command;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;

/**
 * A command on its way from the edge to a program.
 *
 * @param fingerprint of route and body, made by the edge and kept with the outcome, so that an
 *     idempotency key that is reused for something else is noticed
 */
public record CommandMessage(
    RequestId requestId, PartnerId partner, Fingerprint fingerprint, Command command) {}
