package dev.couponbook.ingest.load;

import java.io.IOException;

/** The object is not the one that was uploaded; the message is the reason for the partner. */
public final class ObjectChangedException extends IOException {
  private final String reason;

  ObjectChangedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
