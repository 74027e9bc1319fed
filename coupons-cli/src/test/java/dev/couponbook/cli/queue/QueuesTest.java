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
import dev.couponbook.local.Letters;
import dev.couponbook.local.Resources;
import dev.couponbook.local.SqsClient;
import dev.couponbook.local.SqsClient.Outgoing;
import dev.couponbook.local.SqsClient.Received;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

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

  private static String command() {
    var command = new AssignAny(new BookId(UUID.randomUUID()), new Email("ann@example.com"));
    return CommandCodec.encode(
        new CommandMessage(
            new RequestId(REQUEST), new PartnerId(7), Fingerprint.of("a test"), command));
  }

  /** Empties the queues, so that each test finds its own letters only. */
  @BeforeEach
  void empty() throws IOException {
    for (var queue : Resources.load().queues()) {
      for (var some = queues.receive(queue.name(), 30);
          !some.isEmpty();
          some = queues.receive(queue.name(), 30)) {
        for (var message : some) {
          queues.delete(queue.name(), message);
        }
      }
    }
  }

  private static List<Received> all(String queue) throws IOException {
    return queues.receive(queue, 0);
  }

  private static List<JsonNode> journal() throws IOException {
    return Files.readAllLines(home.directory().logFile("redrives")).stream()
        .map(line -> Json.mapper().readTree(line))
        .toList();
  }

  @Test
  void dead_letters_are_counted_shown_without_their_contents_and_sent_back() throws IOException {
    queues.send(DEAD, command());
    queues.send(DEAD, "ann@example.com wrote this");

    assertThat(home.run("queues", "list").out())
        .containsPattern("coupon-commands +0 +0\n")
        .containsPattern("coupon-commands-dead +2 +0\n");

    var shown = home.run("queues", "show", DEAD, "--json");
    assertThat(shown.out()).doesNotContain("ann@");
    assertThat(shown.json()).hasSize(2);
    assertThat(shown.json())
        .anySatisfy(letter -> {
          assertThat(letter.path("queue").asString()).isEqualTo(DEAD);
          assertThat(letter.path("requestId").asString()).isEqualTo(REQUEST.toString());
          assertThat(letter.path("partner").asInt()).isEqualTo(7);
          assertThat(letter.path("command").asString()).isEqualTo("assign_any");
          assertThat(letter.path("receives").asInt()).isEqualTo(1);
          assertThat(letter.has("firstReceivedAt")).isTrue();
        })
        .anySatisfy(letter -> {
          assertThat(letter.path("is").asString()).isEqualTo("unknown");
          assertThat(letter.path("undecodable").asString()).startsWith("not a command");
          assertThat(letter.path("characters").asInt()).isEqualTo(26);
        });
    assertThat(home.run("queues", "show", DEAD, "-n", "1", "--json").json()).hasSize(1);
    assertThat(home.run("queues", "peek", DEAD, "--body").out()).contains("ann@example.com wrote");
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(2, 0));

    assertThat(home.run("queues", "redrive", DEAD, "--why", "a test").out())
        .isEqualTo("2 letters went back to coupon-commands.\n");
    assertThat(home.run("queues", "list", "--json").json().at("/coupon-commands/waiting").asInt())
        .isEqualTo(2);
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(0, 0));
    assertThat(
            home.run("queues", "redrive", DEAD, "--why", "a test", "--json")
                .json()
                .path("moved")
                .asInt())
        .isZero();
  }

  /** Each queue with dead letters has one, so that none is forgotten. */
  @ParameterizedTest
  @MethodSource("queuesWithDeadLetters")
  void a_letter_of_any_queue_is_shown_and_goes_back_with_all_it_has(String source, String dead)
      throws IOException {
    var attributes = Json.mapper().createObjectNode();
    attributes.putObject("traceparent").put("DataType", "String").put("StringValue", "00-1-2-01");
    attributes.putObject("size").put("DataType", "Number.int").put("StringValue", "42");
    attributes.putObject("seal").put("DataType", "Binary").put("BinaryValue", "AQID");
    queues.send(dead, new Outgoing("some body", attributes, "7", "Root=1-2-3"));

    assertThat(home.run("queues", "show", "--json").json())
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.path("queue").asString()).isEqualTo(dead);
          assertThat(letter.path("group").asString()).isEqualTo("7");
          assertThat(letter.at("/attributes/traceparent").asString()).isEqualTo("00-1-2-01");
          assertThat(letter.at("/attributes/size").asString()).isEqualTo("42");
        });
    assertThat(home.run("queues", "show").out())
        .contains(dead + ", from " + source, "traceparent=00-1-2-01", "group", "7");

    var ran = home.run("queues", "redrive", dead, "--why", "mended", "--who", "eve", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(ran.json().path("to").asString()).isEqualTo(source);
    assertThat(queues.depth(dead)).isEqualTo(new SqsClient.Depth(0, 0));
    assertThat(all(source))
        .singleElement()
        .satisfies(message -> {
          assertThat(message.body()).isEqualTo("some body");
          assertThat(message.content().group()).isEqualTo("7");
          assertThat(message.content().traceHeader()).isEqualTo("Root=1-2-3");
          var sent = message.content().attributes();
          assertThat(sent.path("traceparent")).isEqualTo(attributes.path("traceparent"));
          assertThat(sent.path("size")).isEqualTo(attributes.path("size"));
          assertThat(sent.path("seal")).isEqualTo(attributes.path("seal"));
          var note =
              Json.mapper().readTree(sent.path(Letters.REDRIVEN).path("StringValue").asString());
          assertThat(note.path("who").asString()).isEqualTo("eve");
          assertThat(note.path("why").asString()).isEqualTo("mended");
          assertThat(note.path("from").asString()).isEqualTo(dead);
          assertThat(note.path("letter")).isEqualTo(ran.json().at("/letters/0"));
        });
    var line = journal().getLast();
    assertThat(line.path("who").asString()).isEqualTo("eve");
    assertThat(line.path("why").asString()).isEqualTo("mended");
    assertThat(line.path("letter")).isEqualTo(ran.json().at("/letters/0"));
    assertThat(line.path("to").asString()).isEqualTo(source);
  }

  static Stream<Arguments> queuesWithDeadLetters() {
    return DeadQueue.all().stream().map(queue -> Arguments.of(queue.source(), queue.name()));
  }

  @Test
  void one_letter_goes_back_by_its_id_and_the_others_stay_visible() throws IOException {
    for (int i = 0; i < 25; i++) {
      queues.send(DEAD, "letter " + i);
    }
    var shown = home.run("queues", "show", DEAD, "-n", "30", "--body", "--json").json();
    assertThat(shown).hasSize(25);
    var wanted = shown.get(17);

    var ran =
        home.run(
            "queues",
            "redrive",
            DEAD,
            "--id",
            wanted.path("messageId").asString(),
            "--why",
            "it alone");

    assertThat(ran.out()).isEqualTo("1 letters went back to coupon-commands.\n");
    assertThat(all("coupon-commands"))
        .extracting(Received::body)
        .containsExactly(wanted.path("body").asString());
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(24, 0));
  }

  @Test
  void a_letter_that_is_not_there_is_refused() throws IOException {
    queues.send(DEAD, "another");
    var ran = home.run("queues", "redrive", DEAD, "--id", "nobody", "--why", "a test", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(ran.json().path("missing")).hasSize(1);
    assertThat(ran.err()).hasLineCount(1).contains("nobody", "queues show " + DEAD);
    assertThat(queues.depth(DEAD)).isEqualTo(new SqsClient.Depth(1, 0));
  }

  @Tag("slow")
  @Test
  void letters_in_other_hands_stay_and_it_is_said() throws IOException {
    queues.send(DEAD, "held");
    var held = queues.receive(DEAD, 60).getFirst();
    queues.send(DEAD, "free");
    var shown = home.run("queues", "show", DEAD, "--body");
    assertThat(shown.out()).contains("free", "1 letters of " + DEAD + " are in other hands");
    var ran = home.run("queues", "redrive", DEAD, "--why", "a test");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.WAIT_TIMED_OUT);
    assertThat(ran.out()).startsWith("1 letters went back");
    assertThat(ran.err()).contains("1 letters are in other hands");
    queues.giveBack(DEAD, held);
  }

  @Test
  void a_letter_without_room_for_another_attribute_keeps_its_own() throws IOException {
    var attributes = Json.mapper().createObjectNode();
    for (int i = 0; i < 10; i++) {
      attributes.putObject("a" + i).put("DataType", "String").put("StringValue", "v" + i);
    }
    queues.send(DEAD, new Outgoing("full", attributes, null, null));
    assertThat(home.run("queues", "redrive", DEAD, "--why", "a test").exitCode()).isZero();
    assertThat(all("coupon-commands").getFirst().content().attributes()).isEqualTo(attributes);
    assertThat(journal().getLast().path("why").asString()).isEqualTo("a test");
  }

  @Test
  void an_empty_queue_has_nothing_to_show() {
    assertThat(home.run("queues", "show", "coupon-loads-dead").out())
        .isEqualTo("No letter is visible in coupon-loads-dead.\n");
    assertThat(home.run("queues", "show").out()).isEqualTo("There are no dead letters.\n");
  }

  @Test
  void a_queue_that_is_not_of_dead_letters_is_a_usage_error() {
    for (var name : List.of("orders", "coupon-commands")) {
      var show = home.run("queues", "show", name);
      assertThat(show.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(show.err()).contains("'" + name + "'", DEAD);
      var redrive = home.run("queues", "redrive", name, "--why", "a test");
      assertThat(redrive.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(redrive.err()).isEqualTo(show.err());
    }
  }

  @Test
  void a_redrive_needs_a_reason() {
    assertThat(home.run("queues", "redrive", DEAD).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(home.run("queues", "redrive", DEAD, "--why", " ").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void queues_that_do_not_answer_are_unreachable(@TempDir Path other) {
    var away = new HomeFolder(other);
    for (var words :
        List.of(
            List.of("queues", "list"),
            List.of("queues", "show"),
            List.of("queues", "show", DEAD),
            List.of("queues", "redrive", DEAD, "--why", "a test"))) {
      var ran = away.run(words.toArray(String[]::new));
      assertThat(ran.exitCode()).as("%s", words).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(ran.err())
          .as("%s", words)
          .hasLineCount(1)
          .contains("nothing answers at http://127.0.0.1:9", "./coupons status");
    }
  }
}
