package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.program.ReadyFile;
import dev.couponbook.program.ReadyFile.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A home that is killed with {@code kill -9} and started again on the same directory. */
@Tag("slow")
class KilledHomeTest {
  @TempDir Path data;
  private final int portBase = FreePorts.base();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stopAll() throws Exception {
    for (var process : started) {
      process.destroy();
      process.waitFor();
    }
    StalePostmaster.stop(new HomeDirectory(data).postgres());
  }

  @Test
  void messages_objects_and_rows_outlive_a_kill() throws Exception {
    var first = startHome();
    try (var clients = clients()) {
      clients.send("coupon-commands", "kept");
      var signed = clients.presigned("uploads/1/kept.csv", 4);
      assertThat(clients.put(signed.url().toString(), signed, "kept")).isEqualTo(200);
      addPartner(clients, "kept");
      first.destroyForcibly().waitFor();
      // The server lives on without its JVM: the next start must cope with that.
      addPartner(clients, "added-without-the-jvm");
    }

    startHome();
    try (var clients = clients()) {
      assertThat(clients.take("coupon-commands", 5)).containsExactly("kept");
      assertThat(clients.take("coupon-uploads", 5)).hasSize(1);
      assertThat(
              clients
                  .s3
                  .getObjectAsBytes(r -> r.bucket("coupon-files").key("uploads/1/kept.csv"))
                  .asUtf8String())
          .isEqualTo("kept");
      assertThat(partners(clients)).containsExactly("added-without-the-jvm", "kept");
    }
  }

  @Test
  void a_changed_list_changes_the_queues_that_were_kept() {
    var directory = new HomeDirectory(data);
    var list = Resources.load();
    var longer =
        list.queues().stream()
            .map(q ->
                new Resources.Queue(
                    q.name(),
                    q.visibilitySeconds() + 7,
                    q.retentionDays(),
                    q.deadLetter() == null
                        ? null
                        : new Resources.DeadLetter(q.deadLetter().queue(), 9)))
            .toList();
    LocalHome.start(
            directory,
            HomeTerms.embedded(portBase),
            new Resources(list.region(), longer, list.buckets(), list.schedules()))
        .close();
    try (var home = LocalHome.start(directory, HomeTerms.embedded(portBase), list);
        var clients = clients()) {
      var attributes =
          clients
              .sqs
              .getQueueAttributes(r ->
                  r.queueUrl(clients.queueUrl("coupon-commands"))
                      .attributeNames(QueueAttributeName.ALL))
              .attributes();
      assertThat(attributes).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "60");
      assertThat(
              HomeClients.json(attributes.get(QueueAttributeName.REDRIVE_POLICY))
                  .path("maxReceiveCount")
                  .asInt())
          .isEqualTo(5);
    }
  }

  @Test
  void sigterm_ends_a_home_in_order() throws Exception {
    var home = startHome();
    home.destroy();
    assertThat(home.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    assertThat(data.resolve("run/infra.ready")).doesNotExist();
  }

  private Process startHome() throws IOException {
    var process =
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
            .inheritIO()
            .start();
    started.add(process);
    var ready = new HomeDirectory(data).readyFile("infra");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          assertThat(process.isAlive()).isTrue();
          return ReadyFile.ask(ready).equals(Optional.of(new Answer(process.pid(), List.of())));
        });
    return process;
  }

  private HomeClients clients() {
    return new HomeClients(HomeFile.read(new HomeDirectory(data)).orElseThrow());
  }

  private static void addPartner(HomeClients clients, String name) throws SQLException {
    try (var connection = clients.connect("coupon_ops");
        var insert =
            connection.prepareStatement("INSERT INTO partner (name, client_id) VALUES (?, ?)")) {
      insert.setString(1, name);
      insert.setString(2, name);
      insert.executeUpdate();
    }
  }

  private static List<String> partners(HomeClients clients) throws SQLException {
    try (var connection = clients.connect("coupon_ops");
        var select = connection.prepareStatement("SELECT name FROM partner ORDER BY name")) {
      var rows = select.executeQuery();
      var names = new ArrayList<String>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }
}
