package dev.couponbook.cli.queue;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a letter says, without the codes and addresses that may be in it: what kind of message it
 * is, and the ids by which it can be found elsewhere.
 */
final class LetterContents {
  private LetterContents() {}

  /** In the order in which they are shown; {@code is} says which kind of message it is. */
  static Map<String, Object> of(String body) {
    var contents = new LinkedHashMap<String, Object>();
    var envelope = CommandEnvelope.takeApart(body);
    if (envelope.isPresent()) {
      contents.put("is", "envelope of commands");
      contents.put("commands", envelope.get().size());
      contents.put("characters", body.length());
      return contents;
    }
    try {
      var command = CommandCodec.decode(body);
      contents.put("is", "command");
      contents.put("command", command.command().kind());
      contents.put("partner", command.partner().value());
      contents.put("requestId", command.requestId().toString());
    } catch (UndecodableMessageException e) {
      otherThanCommand(body, e, contents);
    }
    return contents;
  }

  private static void otherThanCommand(
      String body, UndecodableMessageException reason, Map<String, Object> contents) {
    var json = json(body);
    if (json.path("stepExecution").isNumber()) {
      contents.put("is", "part of a load");
      contents.put("load", json.path("load").asInt(0));
      contents.put("part", json.path("part").asInt(0));
    } else if (json.path("detail-type").asString("").equals("Scheduled Event")) {
      contents.put("is", "event of the schedule");
    } else if (isOfBucket(json)) {
      contents.put("is", "event of the bucket");
    } else {
      contents.put("is", "unknown");
      contents.put("undecodable", reason.getMessage());
    }
    contents.put("characters", body.length());
  }

  private static boolean isOfBucket(JsonNode json) {
    return json.path("Records").isArray()
        || json.path("source").asString("").equals("aws.s3")
        || json.path("Type").asString("").equals("Notification");
  }

  private static JsonNode json(String body) {
    try {
      return Json.mapper().readTree(body);
    } catch (JacksonException e) {
      return Json.mapper().nullNode();
    }
  }
}
