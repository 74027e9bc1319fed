package dev.couponbook.local;

import com.fasterxml.jackson.annotation.JsonValue;

/** Whose queues, buckets and schedules a local home has. */
public enum HomeKind {
  /** ElasticMQ, S3Proxy and PostgreSQL in and beside one JVM; needs nothing but a JDK. */
  EMBEDDED("embedded"),
  /** LocalStack, in a container of the home's own or wherever it runs already. */
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
