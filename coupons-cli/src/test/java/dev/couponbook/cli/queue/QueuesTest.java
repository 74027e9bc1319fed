package dev.couponbook.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.HomeFolder;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.json.Json;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.Resources;
import dev.couponbook.local.SqsClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuesTest {
  private static final String DEAD = "coupon-commands-dead";
  private static final UUID REQUEST = UUID.randomUUID();

  @TempDir static Path folder;

  private static SQSRestServer server;
  private static HomeFolder home;
  private static SqsClient queues;

  @BeforeAll
  static void start() throws Exception {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    var url = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    home = new HomeFolder(folder).with("endpoint", url);
    for (var queue : Resources.load().queues()) {
      create(url, queue.name());
    }
    queues = SqsClient.of(HomeFile.read(home.directory()).orElseThrow());
  }

  private static void create(String url, String queue) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url + "/"))
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AmazonSQS.CreateQueue")
            .POST(
                BodyPublishers.ofString(
                    Json.mapper().writeValueAsString(Map.of("QueueName", queue))))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() {
    server.stopAndWait();
  }

  private static void sendCommand(String queue) throws IOException {
    var command = new AssignAny(new BookId(UUID.randomUUID()), new Email("ann@example.com"));
    queues.send(
        queue,
        CommandCodec.encode(
            new CommandMessage(
                new RequestId(REQUEST), new PartnerId(7), Fingerprint.of("a test"), command)));
  }

  @Test
  void dead_letters_are_counted_shown_without_their_contents_and_sent_back() throws IOException {
    sendCommand(DEAD);
    queues.send(DEAD, "ann@example.com wrote this");

    assertThat(home.run("queues", "list").out())
        .containsPattern("coupon-commands +0 +0\n")
        .containsPattern("coupon-commands-dead +2 +0\n");

    var peek = home.run("queues", "peek", DEAD, "--json");
    assertThat(peek.out()).doesNotContain("ann@");
    assertThat(peek.json()).hasSize(2);
    assertThat(peek.json())
        .anySatisfy(letter -> {
          assertThat(letter.path("requestId").asString()).isEqualTo(REQUEST.toString());
          assertThat(letter.path("partner").asInt()).isEqualTo(7);
          assertThat(letter.path("command").asString()).isEqualTo("assign_any");
          assertThat(letter.path("receives").asInt()).isEqualTo(1);
        })
        .anySatisfy(letter -> {
          assertThat(letter.path("undecodable").asString()).startsWith("not a command");
          assertThat(letter.path("characters").asInt()).isEqualTo(26);
        });
    assertThat(home.run("queues", "peek", DEAD, "-n", "1").out()).hasLineCount(1);
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(2, 0));

    assertThat(home.run("queues", "redrive", DEAD).out())
        .isEqualTo("2 messages went back to coupon-commands.\n");
    assertThat(home.run("queues", "list", "--json").json().at("/coupon-commands/waiting").asInt())
        .isEqualTo(2);
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(0, 0));
    assertThat(home.run("queues", "redrive", DEAD, "--json").json().path("moved").asInt()).isZero();
  }

  @Test
  void an_empty_queue_has_nothing_to_show() {
    assertThat(home.run("queues", "peek", "coupon-loads-dead").out())
        .isEqualTo("No message is available in coupon-loads-dead right now.\n");
  }

  @Test
  void a_queue_that_is_unknown_or_not_of_dead_letters_is_a_usage_error() {
    var unknown = home.run("queues", "peek", "orders");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("'orders'", DEAD);
    var live = home.run("queues", "redrive", "coupon-commands");
    assertThat(live.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(live.err()).contains("not a queue of dead letters");
  }

  @Test
  void queues_that_do_not_answer_are_unreachable(@TempDir Path other) {
    var ran = new HomeFolder(other).run("queues", "peek", DEAD);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).hasLineCount(1).contains("./coupons status");
  }
}
