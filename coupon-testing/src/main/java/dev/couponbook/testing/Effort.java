package dev.couponbook.testing;

import java.util.Locale;

/**
 * How much to play of a test that could go on forever: rounds of a race, orders of an interleaving,
 * commands between two faults. {@code -Dtests.effort=} says which, which the build passes on as
 * {@code coupon.effort}; without it, {@code brief}.
 */
public enum Effort {
  /**
   * Seconds: the usual build, which proves that the test works, and catches what is plainly wrong.
   */
  BRIEF,
  /** Some minutes in all: the full build. */
  LONG,
  /** As long as it takes, by hand, before a release or after a change to what is being tested. */
  EXHAUSTIVE;

  private static final Effort ASKED_FOR =
      valueOf(System.getProperty("coupon.effort", "brief").toUpperCase(Locale.ROOT));

  /** Chooses what to play with the effort that was asked for: a number, or a list of cases. */
  public static <T> T of(T brief, T longer, T exhaustive) {
    return switch (ASKED_FOR) {
      case BRIEF -> brief;
      case LONG -> longer;
      case EXHAUSTIVE -> exhaustive;
    };
  }
}
