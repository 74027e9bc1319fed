package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import org.jspecify.annotations.Nullable;

/**
 * Removes the codes of a finished load that were never assigned.
 *
 * @param awaitedFor the book of an upload, which has no load before its file arrives; null for a
 *     load that has no file
 */
public record UndoLoad(LoadId loadId, @Nullable BookId awaitedFor) implements Command {
  public UndoLoad {
    requireNonNull(loadId, "loadId");
  }
}
