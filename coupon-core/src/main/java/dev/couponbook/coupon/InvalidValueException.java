package dev.couponbook.coupon;

/**
 * A value that breaks the rule of its kind. The message is a sentence for the caller, without the
 * value itself: it may be a code, a token or somebody's address.
 */
public final class InvalidValueException extends IllegalArgumentException {
  public InvalidValueException(String message) {
    super(message);
  }
}
