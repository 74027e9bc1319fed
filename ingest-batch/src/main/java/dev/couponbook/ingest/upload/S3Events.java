package dev.couponbook.ingest.upload;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Notifications of the bucket, in whichever way it sends them: straight to the queue, through an
 * SNS topic (wrapped in its envelope, or raw), or through EventBridge.
 */
final class S3Events {
  private S3Events() {}

  /** An object that was created. */
  record Created(String bucket, String key) {}

  /**
   * The objects that were created according to the message; none for S3's test message and for
   * other events of the bucket.
   *
   * @throws UndecodableMessageException if it is not a notification
   */
  static List<Created> created(String message) {
    try {
      var root = Json.mapper().readTree(message);
      return created(isOfSns(root) ? Json.mapper().readTree(text(root, "Message")) : root);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UndecodableMessageException("not a notification of S3");
    }
  }

  private static List<Created> created(JsonNode event) {
    if (text(event, "Event").equals("s3:TestEvent")) {
      return List.of();
    }
    if (text(event, "source").equals("aws.s3")) {
      return ofEventBridge(event);
    }
    if (!event.path("Records").isArray()) {
      throw new UndecodableMessageException("not a notification of S3");
    }
    var created = new ArrayList<Created>();
    for (var record : event.path("Records")) {
      if (name(record).startsWith("ObjectCreated:")) {
        created.add(object(record.path("s3")));
      }
    }
    return created;
  }

  private static boolean isOfSns(JsonNode root) {
    return text(root, "Type").equals("Notification") && root.path("Message").isString();
  }

  // Here the key is plain; in S3's own notifications it is encoded like a form.
  private static List<Created> ofEventBridge(JsonNode event) {
    if (!text(event, "detail-type").equals("Object Created")) {
      return List.of();
    }
    var detail = event.path("detail");
    return List.of(
        new Created(text(detail.path("bucket"), "name"), text(detail.path("object"), "key")));
  }

  // AWS omits the prefix; some of its emulators do not.
  private static String name(JsonNode record) {
    var name = text(record, "eventName");
    return name.startsWith("s3:") ? name.substring(3) : name;
  }

  private static Created object(JsonNode s3) {
    return new Created(
        text(s3.path("bucket"), "name"),
        URLDecoder.decode(text(s3.path("object"), "key"), StandardCharsets.UTF_8));
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).asString("");
  }
}
