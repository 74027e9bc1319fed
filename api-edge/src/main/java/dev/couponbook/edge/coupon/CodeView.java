package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.store.read.ReadCodes.Change;
import dev.couponbook.store.read.ReadCodes.ReadCode;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A code as its partner sees it, and what happened to it. */
public record CodeView(
    String code,
    String state,
    @Nullable Instant expiration,
    @Nullable String email,
    @Nullable Instant assignedAt,
    int redeemedCount,
    @Nullable Instant lockedUntil,
    @Nullable Instant blockedAt,
    @Nullable String blockReason,
    List<CodeChange> history) {

  /**
   * A change, whose code it was, if it was somebody's, and the request that made it.
   *
   * @param change the same as {@code event}, which is a word of C#
   */
  public record CodeChange(
      String event, String change, Instant at, @Nullable String email, String requestId) {

    static CodeChange of(Change change, Function<Change, String> requestId) {
      return new CodeChange(
          change.event(), change.event(), change.at(), change.holder(), requestId.apply(change));
    }
  }

  /**
   * @param requestId how the partner knows the request of a change, so that it can be asked about
   */
  static CodeView of(CouponCode code, ReadCode now, Function<Change, String> requestId) {
    return new CodeView(
        code.value(),
        now.state(),
        now.expiration(),
        now.holder(),
        now.assignedAt(),
        now.redeemedCount(),
        now.lockedUntil(),
        now.blockedAt(),
        now.blockReason(),
        now.history().stream().map(change -> CodeChange.of(change, requestId)).toList());
  }
}
