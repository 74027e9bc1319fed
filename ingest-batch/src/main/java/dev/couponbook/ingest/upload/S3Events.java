package dev.couponbook.ingest.upload;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Notifications of the bucket, in the JSON format of S3. */
final class S3Events {
  private S3Events() {}

  /** An object that was created. */
  record Created(String bucket, String key) {}

  /**
   * The objects that were created according to the message; none for S3's test message and for
   * deletions.
   *
   * @throws UndecodableMessageException if it is not a notification
   */
  static List<Created> created(String message) {
    try {
      var root = Json.mapper().readTree(message);
      if (root.path("Event").asString("").equals("s3:TestEvent")) {
        return List.of();
      }
      if (!root.path("Records").isArray()) {
        throw new UndecodableMessageException("not a notification of S3");
      }
      var created = new ArrayList<Created>();
      for (var record : root.path("Records")) {
        if (name(record).startsWith("ObjectCreated:")) {
          created.add(object(record.path("s3")));
        }
      }
      return created;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UndecodableMessageException("not a notification of S3");
    }
  }

  // AWS omits the prefix; some of its emulators do not.
  private static String name(JsonNode record) {
    var name = record.path("eventName").asString("");
    return name.startsWith("s3:") ? name.substring(3) : name;
  }

  private static Created object(JsonNode s3) {
    return new Created(
        s3.path("bucket").path("name").asString(""),
        URLDecoder.decode(s3.path("object").path("key").asString(""), StandardCharsets.UTF_8));
  }
}
