package dev.couponbook.ingest.part;

/** An operator stopped the load. Its parts end unfinished and go on when it is restarted. */
public final class LoadHeldException extends RuntimeException {
  LoadHeldException(int loadId) {
    super("load %d was stopped by an operator".formatted(loadId));
  }
}
