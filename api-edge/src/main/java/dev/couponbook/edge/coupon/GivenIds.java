package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.edge.problem.ProblemException;

/** Reads back what an earlier answer gave out. */
final class GivenIds {
  private GivenIds() {}

  /**
   * The book of that id.
   *
   * @throws ProblemException 404, if it is no id: it was never given out, so there is no such book
   */
  static BookId book(String text) {
    try {
      return BookId.parse(text);
    } catch (InvalidValueException neverGivenOut) {
      throw ProblemException.notFound();
    }
  }

  /** 400: the cursor is not one that an answer gave out. */
  static ProblemException badCursor() {
    return ProblemException.invalid("cursor", "cursor must be as the page before had it in next");
  }
}
