package dev.couponbook.ingest.load;

import java.io.IOException;

/**
 * The file cannot be loaded, or not to its end, however often it is tried. The message is the
 * reason that the partner reads.
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
