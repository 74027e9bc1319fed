package dev.couponbook.edge.coupon;

import dev.couponbook.store.read.ReadBooks.UsersCode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codes of a book that a user holds. */
@Schema(name = "UserCodes")
public record UserCodes(
    @Schema(format = "uuid") String bookId,
    List<UserCode> codes,
    @Schema(description = "cursor of the next page, if there is one") @Nullable String next) {

  /** A code and what its user has done with it. */
  @Schema(name = "UserCode")
  public record UserCode(
      String code,
      @Nullable Instant expiration,
      int redeemedCount,
      @Schema(description = "while it is locked") @Nullable Instant lockedUntil) {

    static UserCode of(UsersCode held) {
      return new UserCode(
          held.code().value(), held.expiration(), held.redeemedCount(), held.lockedUntil());
    }
  }
}
