package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;

/** Who gets a code, and of which book. */
public record AssignBody(BookId bookId, Email email) {}
