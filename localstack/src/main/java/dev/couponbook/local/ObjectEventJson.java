package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The event that S3 sends for a new object (Amazon S3 user guide, "Event message structure",
 * version 2.1).
 */
final class ObjectEventJson {
  private final String region;
  private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() << 16);

  ObjectEventJson(String region) {
    this.region = region;
  }

  String of(String event, String bucket, String key, HeadObjectResponse object) {
    var record =
        Map.of(
            "eventVersion", "2.1",
            "eventSource", "aws:s3",
            "awsRegion", region,
            "eventTime", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
            "eventName", event,
            "userIdentity", Map.of("principalId", SqsClient.ACCOUNT),
            "requestParameters", Map.of("sourceIPAddress", "127.0.0.1"),
            "responseElements",
                Map.of(
                    "x-amz-request-id", UUID.randomUUID().toString(),
                    "x-amz-id-2", UUID.randomUUID().toString()),
            "s3",
                Map.of(
                    "s3SchemaVersion",
                    "1.0",
                    "configurationId",
                    "uploads",
                    "bucket",
                    Map.of(
                        "name",
                        bucket,
                        "ownerIdentity",
                        Map.of("principalId", SqsClient.ACCOUNT),
                        "arn",
                        "arn:aws:s3:::" + bucket),
                    "object",
                    Map.of(
                        "key", encoded(key),
                        "size", object.contentLength(),
                        "eTag", object.eTag().replace("\"", ""),
                        "sequencer", "%016X".formatted(sequence.incrementAndGet()))));
    return Json.mapper().writeValueAsString(Map.of("Records", List.of(record)));
  }

  // Encoded as in a form: a blank becomes "+"; slashes stay.
  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
  }
}
