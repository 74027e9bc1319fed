package dev.couponbook.edge.coupon;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.couponbook.coupon.BookState;
import dev.couponbook.edge.body.RawJson;
import dev.couponbook.store.read.ReadBooks.CountedBook;
import dev.couponbook.store.read.ReadBooks.Counts;
import dev.couponbook.store.read.ReadBooks.ListedBook;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A book as its partner sees it. */
public record BookView(
    String bookId,
    String bookName,
    int maxCodesPerUser,
    int maxRedeemCountPerUser,
    @Nullable Instant startsAt,
    @Nullable Instant expiresAt,
    int lockSeconds,
    @Nullable RawJson metadata,
    Instant createdAt,
    BookState state,
    int version,
    @Nullable CodeCounts counts) {

  /**
   * Codes of a book, told of one book only and not in lists; total = free + assigned + void, and
   * locked ones and blocked ones are among the assigned.
   *
   * @param isVoid the same as {@code voided}, under the name that it had first: a word of Java, C#
   *     and TypeScript
   */
  public record CodeCounts(
      long total,
      long free,
      long assigned,
      long locked,
      long redeemed,
      @JsonProperty("void") long isVoid,
      long voided,
      long blocked) {}

  static BookView of(CountedBook counted) {
    return of(counted.book(), counts(counted.counts()));
  }

  static BookView listed(ListedBook book) {
    return of(book, null);
  }

  private static BookView of(ListedBook book, @Nullable CodeCounts counts) {
    var terms = book.terms();
    return new BookView(
        book.id().toString(),
        book.name(),
        terms.maxCodesPerUser(),
        terms.maxRedeemsPerUser(),
        terms.startsAt(),
        terms.expiresAt(),
        terms.lockSeconds(),
        book.metadata() == null ? null : new RawJson(book.metadata()),
        book.createdAt(),
        book.state(),
        book.version(),
        counts);
  }

  private static CodeCounts counts(Counts counts) {
    return new CodeCounts(
        counts.total(),
        counts.free(),
        counts.assigned(),
        counts.locked(),
        counts.redeemed(),
        counts.voided(),
        counts.voided(),
        counts.blocked());
  }
}
