package dev.couponbook.edge.coupon;

import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.NewValue;
import dev.couponbook.coupon.BookId;
import dev.couponbook.edge.body.OrNull;
import dev.couponbook.edge.problem.ProblemException;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is to change of a book; what is absent stays as it is. Null takes a date, a limit or the
 * metadata away.
 */
public record ChangeBookBody(
    @Nullable OrNull<String> bookName,
    @Nullable OrNull<Integer> maxCodesPerUser,
    @Nullable OrNull<Integer> maxRedeemCountPerUser,
    @Nullable OrNull<Instant> startsAt,
    @Nullable OrNull<Instant> expiresAt,
    @Nullable OrNull<Integer> lockSeconds,
    @Nullable OrNull<JsonNode> metadata,
    @Nullable Integer ifVersion,
    @Nullable String reason) {
  private static final int NO_LIMIT = 0;

  /**
   * @throws ProblemException 400 with the member that cannot be meant, or if nothing is to change
   */
  ChangeBook command(BookId book) {
    requireSomething();
    if (ifVersion != null && ifVersion < 1) {
      throw ProblemException.invalid("ifVersion", "ifVersion must be 1 or more");
    }
    var name = always("bookName", bookName);
    return new ChangeBook(
        book,
        ifVersion,
        name == null ? null : CreateBookBody.checkedName(name),
        limit(maxCodesPerUser),
        limit(maxRedeemCountPerUser),
        optional(startsAt),
        optional(expiresAt),
        always("lockSeconds", lockSeconds),
        metadata == null ? null : new NewValue<>(CreateBookBody.checkedMetadata(metadata.value())),
        ReasonBody.checked(reason));
  }

  private void requireSomething() {
    if (Stream.of(
            bookName,
            maxCodesPerUser,
            maxRedeemCountPerUser,
            startsAt,
            expiresAt,
            lockSeconds,
            metadata)
        .allMatch(Objects::isNull)) {
      throw ProblemException.invalid(
          "bookName",
          "bookName, maxCodesPerUser, maxRedeemCountPerUser, startsAt, expiresAt, lockSeconds or"
              + " metadata must be given");
    }
  }

  private static @Nullable Integer limit(@Nullable OrNull<Integer> given) {
    if (given == null) {
      return null;
    }
    return given.value() == null ? Integer.valueOf(NO_LIMIT) : given.value();
  }

  private static <T> @Nullable NewValue<T> optional(@Nullable OrNull<T> given) {
    return given == null ? null : new NewValue<>(given.value());
  }

  /** The new value of what a book always has. */
  private static <T> @Nullable T always(String member, @Nullable OrNull<T> given) {
    if (given != null && given.value() == null) {
      throw ProblemException.invalid(
          member, member + " cannot be taken away: leave it out, or give its new value");
    }
    return given == null ? null : given.value();
  }
}
