package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The few SQS calls that a home and its launcher make. The AWS SDK would add half a second to each
 * start.
 */
public final class SqsClient {
  /** The account of every local cloud. */
  static final String ACCOUNT = "000000000000";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String endpoint;
  private final String authorization;

  SqsClient(String endpoint, String region) {
    this.endpoint = endpoint;
    // No local cloud checks this signature; LocalStack reads account and region from it.
    this.authorization =
        "AWS4-HMAC-SHA256 Credential=test/20260101/%s/sqs/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(region);
  }

  public static SqsClient of(HomeFile file) {
    return new SqsClient(file.sqsUrl(), file.region());
  }

  /**
   * @throws IOException if the queue did not confirm the message; it may have taken it nevertheless
   */
  public void send(String queue, String body) throws IOException {
    call("SendMessage", Map.of("QueueUrl", url(queue), "MessageBody", body));
  }

  boolean exists(String queue) {
    try {
      return post("GetQueueUrl", Map.of("QueueName", queue)).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  JsonNode attributes(String queue) {
    try {
      return call(
              "GetQueueAttributes",
              Map.of("QueueUrl", url(queue), "AttributeNames", new String[] {"All"}))
          .path("Attributes");
    } catch (IOException e) {
      throw new HomeException("The queue " + queue + " cannot be read: " + e.getMessage(), e);
    }
  }

  void setAttributes(String queue, Map<String, String> attributes) {
    try {
      call("SetQueueAttributes", Map.of("QueueUrl", url(queue), "Attributes", attributes));
    } catch (IOException e) {
      throw new HomeException("The queue " + queue + " cannot be changed: " + e.getMessage(), e);
    }
  }

  String redrivePolicy(String region, Resources.DeadLetter dead) {
    return Json.mapper()
        .writeValueAsString(
            Map.of(
                "deadLetterTargetArn",
                "arn:aws:sqs:" + region + ":" + ACCOUNT + ":" + dead.queue(),
                "maxReceiveCount",
                dead.maxReceives()));
  }

  /** What is in a queue: messages that can be received, and messages that somebody has received. */
  public record Depth(long waiting, long inHand) {}

  public Depth depth(String queue) {
    var attributes = attributes(queue);
    return new Depth(
        attributes.path("ApproximateNumberOfMessages").asLong(0),
        attributes.path("ApproximateNumberOfMessagesNotVisible").asLong(0));
  }

  /**
   * @param handle by which this receive can be ended
   */
  public record Received(String id, String handle, String body, int receives, Instant sentAt) {}

  /** Receives up to ten messages, hidden from others for the queue's visibility timeout. */
  public List<Received> receive(String queue) throws IOException {
    var answer =
        call(
            "ReceiveMessage",
            Map.of(
                "QueueUrl",
                url(queue),
                "MaxNumberOfMessages",
                10,
                "AttributeNames",
                new String[] {"All"}));
    var messages = new ArrayList<Received>();
    for (var message : answer.path("Messages")) {
      messages.add(
          new Received(
              message.path("MessageId").asString(),
              message.path("ReceiptHandle").asString(),
              message.path("Body").asString(),
              message.at("/Attributes/ApproximateReceiveCount").asInt(0),
              Instant.ofEpochMilli(message.at("/Attributes/SentTimestamp").asLong(0))));
    }
    return messages;
  }

  public void delete(String queue, Received message) throws IOException {
    call("DeleteMessage", Map.of("QueueUrl", url(queue), "ReceiptHandle", message.handle()));
  }

  /** Lets others receive the message again at once. */
  public void giveBack(String queue, Received message) throws IOException {
    call(
        "ChangeMessageVisibility",
        Map.of("QueueUrl", url(queue), "ReceiptHandle", message.handle(), "VisibilityTimeout", 0));
  }

  /** Whether the queue has these attributes; a redrive policy is compared as JSON, not as text. */
  boolean same(Map<String, String> wanted, JsonNode actual) {
    return wanted.entrySet().stream()
        .allMatch(attribute -> {
          var there = actual.path(attribute.getKey()).asString("");
          return attribute.getKey().equals("RedrivePolicy")
              ? sameJson(attribute.getValue(), there)
              : attribute.getValue().equals(there);
        });
  }

  private static boolean sameJson(String one, String other) {
    return !other.isEmpty() && Json.mapper().readTree(one).equals(Json.mapper().readTree(other));
  }

  private JsonNode call(String action, Map<String, Object> body) throws IOException {
    var response = post(action, body);
    if (response.statusCode() != 200) {
      throw new IOException(action + " was answered with status " + response.statusCode());
    }
    return Json.mapper().readTree(response.body().isBlank() ? "{}" : response.body());
  }

  private HttpResponse<String> post(String action, Map<String, Object> body) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(endpoint + "/"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("Authorization", authorization)
            .header("X-Amz-Target", "AmazonSQS." + action)
            .POST(BodyPublishers.ofString(Json.mapper().writeValueAsString(body)))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String url(String queue) {
    return endpoint + "/" + ACCOUNT + "/" + queue;
  }
}
