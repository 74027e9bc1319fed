package dev.couponbook.ingest.upload;

/** A file that cannot be loaded at all; the message is the reason for the partner. */
public final class UnreadableFileException extends Exception {
  public UnreadableFileException(String reason) {
    super(reason);
  }
}
