package dev.couponbook.coupon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a book. A change of the book applies to what is decided after it.
 *
 * @param maxCodesPerUser how many codes of the book one user may hold; 0: no limit
 * @param maxRedeemsPerUser how often a user may redeem a code; 0: no limit
 * @param startsAt from when codes can be locked; null: at once
 * @param expiresAt when the codes of the book end; null: never
 * @param lockSeconds how long a lock holds, 1 to 3600 seconds
 */
public record BookTerms(
    int maxCodesPerUser,
    int maxRedeemsPerUser,
    @Nullable Instant startsAt,
    @Nullable Instant expiresAt,
    int lockSeconds) {
  public static final int DEFAULT_MAX_REDEEMS = 1;
  public static final int DEFAULT_LOCK_SECONDS = 600;
  public static final int MAX_LOCK_SECONDS = 3600;

  public BookTerms {
    if (maxCodesPerUser < 0) {
      throw new InvalidValueException("maxCodesPerUser must be 0 (no limit) or more");
    }
    if (maxRedeemsPerUser < 0) {
      throw new InvalidValueException("maxRedeemCountPerUser must be 0 (no limit) or more");
    }
    if (lockSeconds < 1 || lockSeconds > MAX_LOCK_SECONDS) {
      throw new InvalidValueException("lockSeconds must be between 1 and 3600");
    }
    if (startsAt != null && expiresAt != null && !expiresAt.isAfter(startsAt)) {
      throw new InvalidValueException("expiresAt must be after startsAt");
    }
  }
}
