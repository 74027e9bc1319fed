package dev.couponbook.story;

import java.util.Locale;

/** In which cloud the stories play; the build runs all of them once in each. */
enum HomeKind {
  EMBEDDED,
  LOCALSTACK;

  static HomeKind named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** As {@code ./coupons --home} wants it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
