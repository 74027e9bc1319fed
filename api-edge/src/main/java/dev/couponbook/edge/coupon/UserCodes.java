package dev.couponbook.edge.coupon;

import dev.couponbook.store.read.ReadBooks.UsersCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codes of a book that a user holds.
 *
 * @param nextCursor the same as {@code next}, which is a word of Ruby
 */
public record UserCodes(
    String bookId, List<UserCode> codes, @Nullable String next, @Nullable String nextCursor) {
  static UserCodes of(String bookId, List<UserCode> codes, @Nullable String next) {
    return new UserCodes(bookId, codes, next, next);
  }

  /** A code and what its user has done with it. */
  public record UserCode(
      String code,
      @Nullable Instant expiration,
      int redeemedCount,
      @Nullable Instant lockedUntil,
      @Nullable Instant blockedAt) {

    static UserCode of(UsersCode held) {
      return new UserCode(
          held.code().value(),
          held.expiration(),
          held.redeemedCount(),
          held.lockedUntil(),
          held.blockedAt());
    }
  }
}
