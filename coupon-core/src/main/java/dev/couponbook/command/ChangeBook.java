package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookTerms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Changes a book; what is null stays as it is. The new terms apply from the next batch on, and what
 * users hold they keep.
 *
 * @param ifVersion the only version of the book that is to be changed; null: whichever it has
 * @param maxCodesPerUser 0: no limit
 * @param maxRedeemsPerUser 0: no limit
 * @param lockSeconds 1 to 3600 seconds
 * @param reason the partner's own words, written down with the change
 */
public record ChangeBook(
    BookId bookId,
    @Nullable Integer ifVersion,
    @Nullable String bookName,
    @Nullable Integer maxCodesPerUser,
    @Nullable Integer maxRedeemsPerUser,
    @Nullable NewValue<Instant> startsAt,
    @Nullable NewValue<Instant> expiresAt,
    @Nullable Integer lockSeconds,
    @Nullable NewValue<JsonNode> metadata,
    @Nullable String reason)
    implements Command {
  public ChangeBook {
    requireNonNull(bookId, "bookId");
    // Checks what is given; in place of the rest stands what goes with anything.
    var _ =
        new BookTerms(
            maxCodesPerUser == null ? 0 : maxCodesPerUser,
            maxRedeemsPerUser == null ? 0 : maxRedeemsPerUser,
            NewValue.after(startsAt, null),
            NewValue.after(expiresAt, null),
            lockSeconds == null ? BookTerms.DEFAULT_LOCK_SECONDS : lockSeconds);
  }
}
