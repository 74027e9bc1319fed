package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;
import io.swagger.v3.oas.annotations.media.Schema;

/** Who gets a code, and of which book. */
@Schema(name = "Assign")
public record AssignBody(
    @Schema(implementation = String.class, format = "uuid") BookId bookId,
    @Schema(implementation = String.class, format = "email", maxLength = Email.MAX_LENGTH)
        Email email) {}
