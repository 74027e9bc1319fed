package dev.couponbook.cli.home;

import java.util.Locale;

/** What a program of a home is found to be. */
enum ProgramState {
  /** It answered that it can work. */
  READY,
  /** It runs, and has not said yet that it is ready. */
  STARTING,
  /** It answered, and lacks something. */
  LACKING,
  /** It runs and was ready, but does not answer. */
  SILENT,
  /** It is gone without having ended in order. */
  KILLED,
  /** It ended by itself, in order or while it was starting; this launcher did not tell it to. */
  ENDED,
  /** It was stopped, or never started. */
  STOPPED;

  /** For people and scripts. */
  String text() {
    return this == LACKING ? "not ready" : name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is no process. */
  boolean isDead() {
    return switch (this) {
      case KILLED, ENDED, STOPPED -> true;
      case READY, STARTING, LACKING, SILENT -> false;
    };
  }
}
