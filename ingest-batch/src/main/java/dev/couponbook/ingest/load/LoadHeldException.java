package dev.couponbook.ingest.load;

/** An operator stopped the load: its parts end, unfinished, and wait to be gone on with. */
public final class LoadHeldException extends RuntimeException {
  LoadHeldException(int loadId) {
    super("load %d is stopped by an operator".formatted(loadId));
  }
}
