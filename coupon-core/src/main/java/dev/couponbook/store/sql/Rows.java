package dev.couponbook.store.sql;

/** A statement whose rows are locked and known changes all of them, or the program has a bug. */
public final class Rows {
  private Rows() {}

  public static void expect(int expected, int actual, String what) {
    if (expected != actual) {
      throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
    }
  }
}
