package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
    send(queue, new Outgoing(body, Json.mapper().createObjectNode(), null, null));
  }

  /**
   * A message with all that a queue keeps beside its body. There is no id for deduplication: only
   * FIFO queues have one, and none of ours is.
   *
   * @param attributes by name, in the form of the SQS API: {@code {"DataType": …, "StringValue":
   *     …}}
   * @param group the message group
   * @param traceHeader the attribute {@code AWSTraceHeader} of the system
   */
  public record Outgoing(
      String body, ObjectNode attributes, @Nullable String group, @Nullable String traceHeader) {}

  /**
   * @throws IOException if the queue did not confirm the message; it may have taken it nevertheless
   */
  public void send(String queue, Outgoing message) throws IOException {
    var call = new LinkedHashMap<String, Object>();
    call.put("QueueUrl", url(queue));
    call.put("MessageBody", message.body());
    if (!message.attributes().isEmpty()) {
      call.put("MessageAttributes", message.attributes());
    }
    if (message.group() != null) {
      call.put("MessageGroupId", message.group());
    }
    if (message.traceHeader() != null) {
      call.put(
          "MessageSystemAttributes",
          Map.of(
              "AWSTraceHeader",
              Map.of("DataType", "String", "StringValue", message.traceHeader())));
    }
    call("SendMessage", call);
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
      return readAttributes(queue);
    } catch (IOException e) {
      throw new HomeException("The queue " + queue + " cannot be read: " + e.getMessage(), e);
    }
  }

  private JsonNode readAttributes(String queue) throws IOException {
    return call(
            "GetQueueAttributes", Map.of("QueueUrl", url(queue), "AttributeNames", List.of("All")))
        .path("Attributes");
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

  /**
   * @throws IOException if the queues do not answer
   */
  public Depth depth(String queue) throws IOException {
    var attributes = readAttributes(queue);
    return new Depth(
        attributes.path("ApproximateNumberOfMessages").asLong(0),
        attributes.path("ApproximateNumberOfMessagesNotVisible").asLong(0));
  }

  /**
   * A message as it was received.
   *
   * @param handle by which this receive can be ended
   * @param receives how often it has been received, this time included
   * @param sentAt when it was sent first; it keeps that time among the dead letters
   * @param firstReceivedAt when somebody received it first
   */
  public record Received(
      String id,
      String handle,
      Outgoing content,
      int receives,
      Instant sentAt,
      Instant firstReceivedAt) {
    public String body() {
      return content.body();
    }

    private static Received of(JsonNode message) {
      var system = message.path("Attributes");
      var attributes = Json.mapper().createObjectNode();
      message
          .path("MessageAttributes")
          .properties()
          .forEach(attribute -> attributes.set(attribute.getKey(), attribute.getValue()));
      return new Received(
          message.path("MessageId").asString(),
          message.path("ReceiptHandle").asString(),
          new Outgoing(
              message.path("Body").asString(),
              attributes,
              system.path("MessageGroupId").asString(null),
              system.path("AWSTraceHeader").asString(null)),
          system.path("ApproximateReceiveCount").asInt(0),
          Instant.ofEpochMilli(system.path("SentTimestamp").asLong(0)),
          Instant.ofEpochMilli(system.path("ApproximateFirstReceiveTimestamp").asLong(0)));
    }
  }

  /** Receives up to ten messages, hidden from others for these seconds. */
  public List<Received> receive(String queue, int hiddenSeconds) throws IOException {
    var answer =
        call(
            "ReceiveMessage",
            Map.of(
                "QueueUrl",
                url(queue),
                "MaxNumberOfMessages",
                10,
                "VisibilityTimeout",
                hiddenSeconds,
                "AttributeNames",
                List.of("All"),
                "MessageAttributeNames",
                List.of("All")));
    var messages = new ArrayList<Received>();
    for (var message : answer.path("Messages")) {
      messages.add(Received.of(message));
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
      throw new IOException(
          action
              + " was answered with status "
              + response.statusCode()
              + ": "
              + shortened(response.body()));
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
    } catch (ConnectException e) {
      throw new IOException("nothing answers at " + endpoint, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  // What a queue says of a mistake is a line or two, without the message.
  private static String shortened(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  private String url(String queue) {
    return endpoint + "/" + ACCOUNT + "/" + queue;
  }
}
