package dev.couponbook.ingest.load;

import java.io.IOException;

/**
 * The file cannot be loaded, or no further, however often it is tried; the message is the reason
 * for the partner.
 */
public final class UnusableFileException extends IOException {
  private final String reason;

  public UnusableFileException(String reason) {
    super(reason);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
