package dev.couponbook.command;

import org.jspecify.annotations.Nullable;

/**
 * The new value of something that may also be taken away. Where a command has no such member, the
 * thing stays as it is; in a message, {@code {}} takes it away.
 *
 * @param value null: there is none from now on
 */
public record NewValue<T>(@Nullable T value) {
  /** What holds after the change that may be there: its value, or else the former one. */
  public static <T> @Nullable T after(@Nullable NewValue<T> change, @Nullable T former) {
    return change == null ? former : change.value();
  }
}
