package dev.couponbook.command;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;

/** Gives the user this code of the book. */
public record AssignCode(BookId bookId, CouponCode code, Email email) implements Command {}
