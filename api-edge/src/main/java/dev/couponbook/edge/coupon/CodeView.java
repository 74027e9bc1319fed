package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.store.read.ReadCodes.Change;
import dev.couponbook.store.read.ReadCodes.ReadCode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A code as its partner sees it, and what happened to it. */
@Schema(name = "Code")
public record CodeView(
    String code,
    @Schema(allowableValues = {"free", "assigned", "void"}) String state,
    @Nullable Instant expiration,
    @Schema(description = "who holds it") @Nullable String email,
    @Nullable Instant assignedAt,
    @Schema(description = "redemptions less reversals") int redeemedCount,
    @Schema(description = "while it is locked") @Nullable Instant lockedUntil,
    @Schema(description = "the newest first, 1,000 at most") List<CodeChange> history) {

  /** A change, whose it was, and the request that made it. */
  @Schema(name = "CodeChange")
  public record CodeChange(
      @Schema(allowableValues = {"assigned", "locked", "unlocked", "redeemed", "reversed"})
          String event,
      Instant at,
      String email,
      @Schema(format = "uuid") String requestId) {

    static CodeChange of(Change change) {
      return new CodeChange(
          change.event(), change.at(), change.holder(), change.request().toString());
    }
  }

  static CodeView of(CouponCode code, ReadCode now) {
    return new CodeView(
        code.value(),
        now.state(),
        now.expiration(),
        now.holder(),
        now.assignedAt(),
        now.redeemedCount(),
        now.lockedUntil(),
        now.history().stream().map(CodeChange::of).toList());
  }
}
