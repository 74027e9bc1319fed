package dev.couponbook.ingest.job;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.json.Json;
import tools.jackson.core.JacksonException;

/**
 * Asks any process to work on a part.
 *
 * @param v version of the message, before all else
 * @param stepExecution Spring Batch's record of the part; if its job is over, the message is void
 */
record PartMessage(int v, int load, int part, long stepExecution) {
  private static final int VERSION = 1;

  PartMessage(int load, int part, long stepExecution) {
    this(VERSION, load, part, stepExecution);
  }

  String encode() {
    return Json.mapper().writeValueAsString(this);
  }

  static PartMessage decode(String text) {
    try {
      var message = Json.mapper().readValue(text, PartMessage.class);
      if (message.v != VERSION) {
        throw new UndecodableMessageException("part message of unknown version " + message.v);
      }
      return message;
    } catch (JacksonException e) {
      throw new UndecodableMessageException("not a part message");
    }
  }
}
