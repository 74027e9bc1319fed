package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.local.Letters.Order;
import dev.couponbook.testing.Effort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The home is killed again and again while messages become dead letters, lie there, are looked at
 * and are sent back. After each kill every letter is there, and each once; only the one that was
 * being sent back may be in both queues, as it may in SQS.
 */
@Tag("long")
class KilledLettersTest {
  private static final int KILLS = Effort.of(1, 4, 20);
  private static final int LETTERS = 150;
  private static final String SOURCE = "coupon-loads";
  private static final String DEAD = "coupon-loads-dead";
  private static final int HIDDEN_SECONDS = 2;

  @TempDir Path data;
  private final int portBase = FreePorts.base();
  private final SqsClient client = new SqsClient(new Ports(portBase).sqsUrl(), "eu-central-1");
  private final Letters dead = new Letters(client, DEAD, SOURCE, HIDDEN_SECONDS);
  private final Letters source = new Letters(client, SOURCE, SOURCE, HIDDEN_SECONDS);
  private final AtomicInteger steps = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger sentBack = new AtomicInteger();
  private final AtomicInteger died = new AtomicInteger();
  private final AtomicReference<String> inFlight = new AtomicReference<>("");

  @SuppressWarnings("NullAway.Init")
  private Process home;

  @AfterEach
  void stop() throws Exception {
    home.destroy();
    home.waitFor();
    StalePostmaster.stop(new HomeDirectory(data).postgres());
  }

  @Test
  void no_letter_is_lost_or_doubled_by_a_kill() throws Exception {
    long seed = Long.getLong("coupon.seed", System.nanoTime() % 1_000_000);
    var random = new Random(seed);
    var all = new TreeSet<String>();
    start();
    for (int i = 0; i < LETTERS; i++) {
      var body = "letter " + i;
      all.add(body);
      client.send(i % 2 == 0 ? DEAD : SOURCE, body);
    }
    int inBoth = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      workUntilKilled(random);
      start();
      inBoth += assertEachIsThereOnce(all, kill);
    }
    System.out.printf(
        "killed letters: seed %d, %d kills, %d letters, looked at %d times, %d sent back,"
            + " %d became letters again, %d cut off between the two queues; none lost%n",
        seed, KILLS, LETTERS, looks.get(), sentBack.get(), died.get(), inBoth);
    assertThat(sentBack).hasPositiveValue();
    assertThat(died).hasPositiveValue();
  }

  /** Everything at once, until the home is gone. */
  private void workUntilKilled(Random random) throws Exception {
    inFlight.set("");
    long redriveSeed = random.nextLong();
    // A kill has no right moment: after some letters, as the dice say.
    int until = steps.get() + 3 + random.nextInt(60);
    try (var clients = new HomeClients(HomeFile.read(new HomeDirectory(data)).orElseThrow());
        var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      var work =
          List.of(
              workers.submit(() -> repeat(this::look)),
              workers.submit(() -> repeat(() -> receive(clients))),
              workers.submit(() -> {
                var chance = new Random(redriveSeed);
                repeat(() -> sendBack(chance));
              }));
      await("some work")
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(30))
          .until(() -> steps.get() >= until);
      home.destroyForcibly().waitFor();
      for (var each : work) {
        each.get();
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void repeat(Step step) {
    try {
      while (true) {
        step.run();
        steps.incrementAndGet();
      }
    } catch (IOException | SdkClientException e) {
      // The home was killed.
    }
  }

  private void look() throws IOException {
    var _ = dead.look(20);
    looks.incrementAndGet();
  }

  // As our programs receive, the call waits; hidden for no time, a message becomes a letter after
  // its fifth receive.
  private void receive(CloudClients clients) {
    var messages =
        clients
            .sqs
            .receiveMessage(r ->
                r.queueUrl(clients.queueUrl(SOURCE))
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(0)
                    .waitTimeSeconds(1)
                    .messageSystemAttributeNames(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
            .messages();
    for (var message : messages) {
      if (Objects.equals(
          message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT), "5")) {
        died.incrementAndGet();
      }
    }
  }

  private void sendBack(Random chance) throws IOException {
    int skip = chance.nextInt(10);
    var passed = new AtomicInteger();
    var moved =
        dead.redrive(
            _ -> passed.getAndIncrement() >= skip,
            1,
            new Order("test", "to see what becomes of it", Instant.EPOCH),
            letter -> inFlight.set(letter.body()));
    sentBack.addAndGet(moved.letters().size());
  }

  private int assertEachIsThereOnce(Set<String> all, int kill) throws IOException {
    // First where messages may become letters by being looked at.
    var bodies = new ArrayList<String>();
    source.look(10 * LETTERS).letters().forEach(message -> bodies.add(message.body()));
    var letters = dead.look(10 * LETTERS).letters();
    letters.forEach(letter -> bodies.add(letter.body()));
    var once = new HashSet<String>();
    var twice = bodies.stream().filter(body -> !once.add(body)).toList();
    assertThat(new TreeSet<>(once)).as("after kill %d", kill).isEqualTo(all);
    assertThat(twice).as("twice after kill %d", kill).isSubsetOf(inFlight.get());
    if (!twice.isEmpty()) {
      delete(twice.getFirst());
    }
    return twice.size();
  }

  private void delete(String body) throws IOException {
    for (var letter : client.receive(DEAD, 0)) {
      if (letter.body().equals(body)) {
        client.delete(DEAD, letter);
        return;
      }
    }
    delete(body);
  }

  private void start() throws IOException {
    var ready = new HomeDirectory(data).readyFile("infra");
    Files.deleteIfExists(ready);
    home =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                LocalHome.class.getName(),
                "--data",
                data.toString(),
                "--port-base",
                Integer.toString(portBase))
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("infra.out").toFile())
            .start();
    await("the home")
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          assertThat(home.isAlive()).as("the home runs").isTrue();
          return Files.exists(ready);
        });
  }
}
