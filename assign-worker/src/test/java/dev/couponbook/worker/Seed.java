package dev.couponbook.worker;

import java.util.concurrent.ThreadLocalRandom;

/** The seed of a test's random numbers: {@code -Dcoupon.seed} repeats a run. */
final class Seed {
  private Seed() {}

  /** A new seed, or the one that was asked for; printed, so that a failure can be repeated. */
  public static long printed(String whatFor) {
    long seed = Long.getLong("coupon.seed", ThreadLocalRandom.current().nextInt(1_000_000));
    System.out.println(whatFor + ": -Dcoupon.seed=" + seed);
    return seed;
  }
}
