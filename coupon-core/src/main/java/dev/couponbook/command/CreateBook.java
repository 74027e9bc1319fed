package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Creates a book; its id is that of the request.
 *
 * @param metadata the partner's own JSON object, returned unchanged
 */
public record CreateBook(String bookName, BookTerms terms, @Nullable JsonNode metadata)
    implements Command {
  public CreateBook {
    requireNonNull(bookName, "bookName");
    requireNonNull(terms, "terms");
  }
}
