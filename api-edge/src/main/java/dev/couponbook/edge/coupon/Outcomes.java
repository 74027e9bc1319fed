package dev.couponbook.edge.coupon;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker's answers, for the description of the API only: the edge passes them on as they are
 * and never reads them.
 */
final class Outcomes {
  private Outcomes() {}

  @Schema(name = "BookCreated")
  record BookCreated(@Schema(format = "uuid") String bookId) {}

  @Schema(
      name = "CodesAdded",
      description = "the codes; or, of a job, counts and a link to the codes")
  record CodesAdded(
      @Nullable List<AddedCode> codes,
      @Nullable Integer amount,
      @Nullable Integer manual,
      @Nullable Integer generated,
      @Schema(description = "true: the job was cancelled; the codes that were made stay")
          @Nullable Boolean cancelled,
      @Nullable CodesLink links) {}

  @Schema(name = "AddedCode")
  record AddedCode(String code, @Nullable Instant expiration) {}

  @Schema(name = "CodesLink")
  record CodesLink(@Schema(description = "the codes as CSV") String codes) {}

  @Schema(name = "Assigned")
  record Assigned(boolean assigned, String code, @Nullable Instant expiration) {}

  @Schema(name = "Locked")
  record Locked(boolean success, Instant lockedUntil, String lockToken) {}

  @Schema(name = "Success")
  record Success(boolean success) {}

  @Schema(name = "Redeemed")
  record Redeemed(
      boolean success, @Schema(format = "uuid") String redemptionId, int redeemedCount) {}
}
