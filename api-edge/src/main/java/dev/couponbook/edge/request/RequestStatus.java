package dev.couponbook.edge.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a request is; in answers, in small letters. */
public enum RequestStatus {
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("running")
  RUNNING,
  @JsonProperty("succeeded")
  SUCCEEDED,
  @JsonProperty("failed")
  FAILED;

  static RequestStatus ofOutcome(int httpStatus) {
    return httpStatus < 400 ? SUCCEEDED : FAILED;
  }
}
