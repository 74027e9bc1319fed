package dev.couponbook.worker;

import java.util.concurrent.ThreadLocalRandom;

/** Where a test's dice come from: {@code -Dcoupon.seed} throws the same ones again. */
final class Seed {
  private Seed() {}

  /** A new seed, or the one that was asked for; printed, so that a failure can be asked for. */
  public static long printed(String whatFor) {
    long seed = Long.getLong("coupon.seed", ThreadLocalRandom.current().nextInt(1_000_000));
    System.out.println(whatFor + ": -Dcoupon.seed=" + seed);
    return seed;
  }
}
