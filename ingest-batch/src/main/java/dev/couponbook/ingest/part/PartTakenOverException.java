package dev.couponbook.ingest.part;

/**
 * Another process went on with the part because this one was thought dead. What this process did
 * last was rolled back, and it lets the part go.
 */
public final class PartTakenOverException extends RuntimeException {
  PartTakenOverException(int loadId, int part, long position) {
    super(
        "part %d of load %d has moved on from position %d in another process"
            .formatted(part, loadId, position));
  }
}
