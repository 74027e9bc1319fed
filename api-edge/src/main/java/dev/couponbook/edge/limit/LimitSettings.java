package dev.couponbook.edge.limit;

import dev.couponbook.program.Environment;

/**
 * What one partner may ask of one edge. The defaults only stop a program that runs wild; operators
 * with several partners on one service set their own.
 *
 * @param requestsPerSecond per partner, in the long run
 * @param burst requests per partner at once
 * @param missesOfUser missing codes that one user may name per hour
 * @param missesOfPartner missing codes that all users of a partner together may name per hour
 */
public record LimitSettings(
    int requestsPerSecond, int burst, int missesOfUser, int missesOfPartner) {
  // More than the edge can answer on the machines it was measured on.
  private static final int DEFAULT_PER_SECOND = 50_000;
  private static final int DEFAULT_BURST = 100_000;
  // A code of 12 characters is one of 10^18: at this rate nobody finds one in a lifetime.
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
