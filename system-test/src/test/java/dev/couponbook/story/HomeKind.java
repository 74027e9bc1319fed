package dev.couponbook.story;

import java.util.Locale;

/** The cloud in which the stories play; the build runs all of them once in each. */
enum HomeKind {
  EMBEDDED,
  LOCALSTACK;

  static HomeKind named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** As {@code ./coupons --home} takes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
