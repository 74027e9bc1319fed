package dev.couponbook.edge.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a token must have for a route. Without it, and without {@link OpenToAll}, {@link
 * RequireToken} still asks for a token.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface NeedsToken {
  /** The scope that the token must have. */
  Scope value();
}
