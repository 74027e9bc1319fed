package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who holds the code, and the lock that he took. */
@Schema(name = "Holder")
public record HolderBody(
    @Schema(implementation = String.class, format = "email", maxLength = Email.MAX_LENGTH)
        Email email,
    @Schema(implementation = String.class, description = "as the lock's answer had it")
        @Nullable LockToken lockToken) {}
