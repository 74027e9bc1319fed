package dev.couponbook.store.read;

import java.util.Locale;
import java.util.Optional;

/** The states of a load that partners and operators are shown. */
public enum LoadState {
  /** An upload whose file has not arrived yet: it has no load. */
  AWAITING_FILE,
  /** An upload whose file did not arrive while it could be sent: it has no load. */
  EXPIRED,
  QUEUED,
  RUNNING,
  /** An operator stopped it: nothing works on it until an operator restarts it. */
  STOPPED,
  COMPLETED,
  COMPLETED_WITH_REJECTS,
  FAILED,
  CANCELLED,
  UNDONE;

  /** The name in the API and in the answers of the launcher. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of this name; empty for a name that this version does not know. */
  public static Optional<LoadState> of(String text) {
    for (var state : values()) {
      if (state.text().equals(text)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  /** Whether the load has come to an end; a stopped one has not, as it can go on. */
  public boolean isFinal() {
    return switch (this) {
      case AWAITING_FILE, QUEUED, RUNNING, STOPPED -> false;
      case EXPIRED, COMPLETED, COMPLETED_WITH_REJECTS, FAILED, CANCELLED, UNDONE -> true;
    };
  }
}
