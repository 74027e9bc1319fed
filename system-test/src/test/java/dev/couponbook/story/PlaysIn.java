package dev.couponbook.story;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A story that can be told in only one kind of home. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface PlaysIn {
  HomeKind value();

  /** Why it cannot be told in the others. */
  String because();
}
