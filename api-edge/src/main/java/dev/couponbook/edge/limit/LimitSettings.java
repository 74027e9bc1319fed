package dev.couponbook.edge.limit;

import dev.couponbook.program.Environment;

/**
 * What one partner may ask of one edge. The defaults only stop a program that has run wild: whoever
 * runs several partners on one service sets his own.
 *
 * @param requestsPerSecond of one partner, in the long run
 * @param burst of one partner, at once
 * @param missesOfUser codes an hour that one user may name in vain
 * @param missesOfPartner codes an hour that all users of a partner may name in vain
 */
public record LimitSettings(
    int requestsPerSecond, int burst, int missesOfUser, int missesOfPartner) {
  // More than the edge can answer on the machines it was measured on.
  private static final int DEFAULT_PER_SECOND = 50_000;
  private static final int DEFAULT_BURST = 100_000;
  // A code of 12 characters is one of 10^18: what this lets through finds none in a life.
  private static final int DEFAULT_MISSES_OF_USER = 10_000;
  private static final int DEFAULT_MISSES_OF_PARTNER = 1_000_000;
  private static final int MAX = 1_000_000_000;

  public static LimitSettings from(Environment environment) {
    return new LimitSettings(
        environment.number("COUPON_PARTNER_RATE", 1, MAX, DEFAULT_PER_SECOND),
        environment.number("COUPON_PARTNER_BURST", 1, MAX, DEFAULT_BURST),
        environment.number("COUPON_USER_MISSES", 1, MAX, DEFAULT_MISSES_OF_USER),
        environment.number("COUPON_PARTNER_MISSES", 1, MAX, DEFAULT_MISSES_OF_PARTNER));
  }
}
