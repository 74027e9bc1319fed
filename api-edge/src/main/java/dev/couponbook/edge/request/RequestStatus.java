package dev.couponbook.edge.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.couponbook.store.read.ReadLoads.Load;
import dev.couponbook.store.read.ReadRequests.Finished;

/** How far a request is; in answers, in small letters. */
public enum RequestStatus {
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("running")
  RUNNING,
  @JsonProperty("succeeded")
  SUCCEEDED,
  @JsonProperty("failed")
  FAILED,
  /** It succeeded, and the codes that it made were taken back. */
  @JsonProperty("undone")
  UNDONE;

  static RequestStatus ofOutcome(Finished finished) {
    return finished.undone() ? UNDONE : finished.status() < 400 ? SUCCEEDED : FAILED;
  }

  /** Of a request without an answer: one on its way, or one whose answer is no longer kept. */
  static RequestStatus ofLoad(Load load) {
    return switch (load.progress().state()) {
      case AWAITING_FILE, EXPIRED, QUEUED -> QUEUED;
      case RUNNING, STOPPED -> RUNNING;
      // A generation that is cancelled keeps what it made: its answer says so, and is no failure.
      case COMPLETED, COMPLETED_WITH_REJECTS, CANCELLED -> SUCCEEDED;
      case FAILED -> FAILED;
      case UNDONE -> UNDONE;
    };
  }
}
