package dev.couponbook.edge.request;

import com.fasterxml.jackson.annotation.JsonValue;

/** How far a request is. */
public enum RequestStatus {
  QUEUED("queued"),
  RUNNING("running"),
  SUCCEEDED("succeeded"),
  FAILED("failed");

  private final String text;

  RequestStatus(String text) {
    this.text = text;
  }

  static RequestStatus ofOutcome(int httpStatus) {
    return httpStatus < 400 ? SUCCEEDED : FAILED;
  }

  @JsonValue
  public String text() {
    return text;
  }
}
