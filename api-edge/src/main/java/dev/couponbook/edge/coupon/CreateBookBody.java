package dev.couponbook.edge.coupon;

import dev.couponbook.command.CreateBook;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.json.Json;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A book to be. */
@Schema(name = "NewBook")
public record CreateBookBody(
    @Schema(minLength = 1, maxLength = CreateBookBody.MAX_NAME, example = "Summer sale")
        String bookName,
    @Schema(
            minimum = "0",
            defaultValue = "0",
            description = "codes that one user may hold; 0: no limit")
        @Nullable Integer maxCodesPerUser,
    @Schema(
            minimum = "0",
            defaultValue = "1",
            description = "how often a user may redeem a code; 0: no limit")
        @Nullable Integer maxRedeemCountPerUser,
    @Schema(description = "from when codes can be locked") @Nullable Instant startsAt,
    @Schema(description = "when the codes of the book end") @Nullable Instant expiresAt,
    @Schema(
            minimum = "1",
            maximum = "3600",
            defaultValue = "600",
            description = "how long a lock holds")
        @Nullable Integer lockSeconds,
    @Schema(type = "object", description = "of your own, 8 KiB at most; given back as it came")
        @Nullable JsonNode metadata) {
  static final int MAX_NAME = 200;
  private static final int MAX_METADATA = 8 * 1024;

  CreateBook command() {
    if (bookName.isBlank() || bookName.codePointCount(0, bookName.length()) > MAX_NAME) {
      throw ProblemException.invalid(
          "bookName", "bookName must have 1 to " + MAX_NAME + " characters, not only spaces");
    }
    if (metadata != null) {
      checkMetadata(metadata);
    }
    return new CreateBook(bookName, terms(), metadata);
  }

  private BookTerms terms() {
    return new BookTerms(
        maxCodesPerUser == null ? 0 : maxCodesPerUser,
        maxRedeemCountPerUser == null ? BookTerms.DEFAULT_MAX_REDEEMS : maxRedeemCountPerUser,
        startsAt,
        expiresAt,
        lockSeconds == null ? BookTerms.DEFAULT_LOCK_SECONDS : lockSeconds);
  }

  private static void checkMetadata(JsonNode metadata) {
    if (!metadata.isObject()) {
      throw ProblemException.invalid("metadata", "metadata must be an object");
    }
    if (Json.mapper().writeValueAsBytes(metadata).length > MAX_METADATA) {
      throw ProblemException.invalid("metadata", "metadata must have 8 KiB at most");
    }
  }
}
