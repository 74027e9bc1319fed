package dev.couponbook.schema;

import org.jspecify.annotations.Nullable;

/** Why a database could not be brought up to date: one sentence that says what to do. */
public final class MigrationException extends RuntimeException {
  /** What kind of obstacle it is. */
  public enum Kind {
    /** There is no such server, or it does not answer: later it may. */
    UNREACHABLE,
    /** The database is not what was asked for, or the owner lacks a right: somebody must act. */
    REFUSED,
    /** A step failed. Steps before it have been applied, the step itself has not. */
    FAILED
  }

  private final Kind kind;

  MigrationException(Kind kind, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
