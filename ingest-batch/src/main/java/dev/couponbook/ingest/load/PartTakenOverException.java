package dev.couponbook.ingest.load;

/**
 * The part has gone on in another process while this one was thought dead. Whatever this one did
 * last was rolled back, and it lets go.
 */
public final class PartTakenOverException extends RuntimeException {
  PartTakenOverException(int loadId, int part, long position) {
    super(
        "part %d of load %d has left position %d in another process"
            .formatted(part, loadId, position));
  }
}
