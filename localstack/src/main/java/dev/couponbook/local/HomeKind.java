package dev.couponbook.local;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a local home's queues, buckets and schedules come from. */
public enum HomeKind {
  /** ElasticMQ, S3Proxy and PostgreSQL in and beside one JVM; needs nothing but a JDK. */
  EMBEDDED("embedded"),
  /** LocalStack, in a container of the home's own, or one that runs already. */
  LOCALSTACK("localstack");

  private final String title;

  HomeKind(String title) {
    this.title = title;
  }

  @JsonValue
  @Override
  public String toString() {
    return title;
  }
}
