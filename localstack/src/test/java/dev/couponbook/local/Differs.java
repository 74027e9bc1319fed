package dev.couponbook.local;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A cloud that is known not to meet this expectation. The test must fail there: once it no longer
 * does, the difference must be removed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Differs.All.class)
@interface Differs {
  Cloud in();

  /** What it does instead, and how we cover it. */
  String how();

  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    Differs[] value();
  }
}
