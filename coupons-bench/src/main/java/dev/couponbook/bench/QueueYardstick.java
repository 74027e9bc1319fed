package dev.couponbook.bench;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The queue's own speed, as a yardstick: single SendMessage calls of the SQS JSON protocol to a
 * queue of its own, which is deleted at the end. A local queue does not look at signatures.
 */
final class QueueYardstick implements AutoCloseable {
  private static final String NAME = "coupon-bench";

  private final int port;
  private final String url;

  QueueYardstick(int port) {
    this.port = port;
    this.url = call("CreateQueue", Map.of("QueueName", NAME)).path("QueueUrl").asString();
  }

  double sendsPerSecond(String body, int threads, Duration time) {
    return new RepeatedRequests(
            port, request("SendMessage", Map.of("QueueUrl", url, "MessageBody", body)), 200)
        .perSecond(threads, time);
  }

  /** A call of the protocol, ready to be sent. */
  static byte[] request(String action, Map<String, ?> members) {
    return RawConnection.request(
        "POST",
        "/",
        "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS." + action + "\r\n",
        Json.mapper().writeValueAsString(members));
  }

  private JsonNode call(String action, Map<String, String> members) {
    try (var connection = new RawConnection(port)) {
      var reply = connection.exchange(request(action, members));
      if (reply.status() != 200) {
        throw new CommandFailure(
            ExitCode.FAILED, action + " was answered " + reply.status() + ": " + reply.body());
      }
      return Json.mapper().readTree(reply.body().isEmpty() ? "{}" : reply.body());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "The queue does not answer (" + e + ").", e);
    }
  }

  @Override
  public void close() {
    call("DeleteQueue", Map.of("QueueUrl", url));
  }
}
