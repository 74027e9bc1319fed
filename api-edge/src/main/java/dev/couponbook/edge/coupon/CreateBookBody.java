package dev.couponbook.edge.coupon;

import dev.couponbook.command.CreateBook;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A book to be. */
public record CreateBookBody(
    String bookName,
    @Nullable Integer maxCodesPerUser,
    @Nullable Integer maxRedeemCountPerUser,
    @Nullable Instant startsAt,
    @Nullable Instant expiresAt,
    @Nullable Integer lockSeconds,
    @Nullable JsonNode metadata) {
  static final int MAX_NAME = 200;
  private static final int MAX_METADATA = 8 * 1024;

  CreateBook command() {
    return new CreateBook(checkedName(bookName), terms(), checkedMetadata(metadata));
  }

  /**
   * @throws ProblemException 400 if it is too long, or says nothing
   */
  static String checkedName(String bookName) {
    if (bookName.isBlank() || bookName.codePointCount(0, bookName.length()) > MAX_NAME) {
      throw ProblemException.invalid(
          "bookName", "bookName must have 1 to " + MAX_NAME + " characters, not only spaces");
    }
    return bookName;
  }

  private BookTerms terms() {
    return new BookTerms(
        maxCodesPerUser == null ? 0 : maxCodesPerUser,
        maxRedeemCountPerUser == null ? BookTerms.DEFAULT_MAX_REDEEMS : maxRedeemCountPerUser,
        startsAt,
        expiresAt,
        lockSeconds == null ? BookTerms.DEFAULT_LOCK_SECONDS : lockSeconds);
  }

  /**
   * @return null if there is none
   * @throws ProblemException 400 if it is no object, or too large
   */
  static @Nullable JsonNode checkedMetadata(@Nullable JsonNode metadata) {
    if (metadata == null || metadata.isNull()) {
      return null;
    }
    if (!metadata.isObject()) {
      throw ProblemException.invalid("metadata", "metadata must be an object");
    }
    if (Json.mapper().writeValueAsBytes(metadata).length > MAX_METADATA) {
      throw ProblemException.invalid("metadata", "metadata must have 8 KiB at most");
    }
    return metadata;
  }
}
