package dev.couponbook.edge.id;

import dev.couponbook.program.Environment;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key that proves an id to be ours; every edge of a home has the same one. */
public record RequestIdKey(SecretKey key) {
  private static final int BYTES = 32;

  public static RequestIdKey from(Environment environment) {
    return of(environment.secret("COUPON_REQUEST_ID_KEY", BYTES));
  }

  public static RequestIdKey of(byte[] key) {
    return new RequestIdKey(new SecretKeySpec(key, KeyedHash.ALGORITHM));
  }

  @Override
  public String toString() {
    return "a key";
  }
}
