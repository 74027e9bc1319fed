package dev.couponbook.edge.coupon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of books, oldest first.
 *
 * @param nextCursor the same as {@code next}, which is a word of Ruby
 */
public record BookList(List<BookView> books, @Nullable String next, @Nullable String nextCursor) {
  static BookList of(List<BookView> books, @Nullable String next) {
    return new BookList(books, next, next);
  }
}
