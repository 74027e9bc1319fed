package dev.couponbook.command;

import static java.util.Objects.requireNonNull;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import org.jspecify.annotations.Nullable;

/**
 * Stops a load at its next chunk; if its file has not arrived, it will not be loaded.
 *
 * @param awaitedFor the book of an upload, which has no load before its file arrives; null for a
 *     load that has no file
 */
public record CancelLoad(LoadId loadId, @Nullable BookId awaitedFor) implements Command {
  public CancelLoad {
    requireNonNull(loadId, "loadId");
  }
}
