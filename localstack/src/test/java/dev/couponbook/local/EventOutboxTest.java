package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

class EventOutboxTest {
  @TempDir Path data;
  private final int port = FreePorts.base();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private HomeDirectory home;
  private BlobStore store;

  @BeforeEach
  void makeFolders() throws IOException {
    home = new HomeDirectory(data);
    home.create();
    Files.createDirectory(home.files().resolve("coupon-files"));
    store = new FilesystemNio2BlobStore(home.files().toString());
  }

  @Test
  void an_event_waits_on_disk_for_a_queue_that_is_away() throws IOException {
    try (var outbox = outbox()) {
      outbox.start();
      put(new EventfulBlobStore(store, outbox), "uploads/1/a.csv");
      assertThat(owed()).isEqualTo(1);
      var queue = queueAtLast();
      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(sent).hasSize(1));
      await().untilAsserted(() -> assertThat(owed()).isZero());
      queue.stop(0);
    }
    assertThat(sent.getFirst()).contains("AmazonSQS.SendMessage").contains("uploads/1/a.csv");
  }

  @Test
  void an_object_whose_home_was_killed_before_the_event_is_announced_at_the_next_start()
      throws IOException {
    try (var outbox = outbox()) {
      var unused = outbox.promise("ObjectCreated:Put", "coupon-files", "uploads/1/b.csv");
      put(store, "uploads/1/b.csv");
      // Killed here: the promise was neither kept nor withdrawn.
    }
    var queue = queueAtLast();
    try (var outbox = outbox()) {
      outbox.start();
      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(sent).hasSize(1));
      await().untilAsserted(() -> assertThat(owed()).isZero());
    }
    queue.stop(0);
  }

  @Test
  void a_promise_without_an_object_is_forgotten_at_the_next_start() throws IOException {
    try (var outbox = outbox()) {
      var unused = outbox.promise("ObjectCreated:Put", "coupon-files", "uploads/1/c.csv");
    }
    var queue = queueAtLast();
    try (var outbox = outbox()) {
      outbox.start();
      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(owed()).isZero());
    }
    assertThat(sent).isEmpty();
    queue.stop(0);
  }

  private EventOutbox outbox() {
    return new EventOutbox(
        home.outbox(),
        Resources.load(),
        new ObjectEventJson("eu-central-1"),
        store,
        new SqsClient("http://127.0.0.1:" + port, "eu-central-1"));
  }

  private static void put(BlobStore store, String key) {
    var content = "code\n".getBytes(StandardCharsets.UTF_8);
    var unused =
        store.putBlob(
            PutObjectRequest.builder()
                .bucket("coupon-files")
                .key(key)
                .contentLength((long) content.length)
                .build(),
            new ByteArrayInputStream(content));
  }

  private int owed() throws IOException {
    try (var files = Files.list(home.outbox())) {
      return (int) files.count();
    }
  }

  private HttpServer queueAtLast() throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            sent.add(exchange.getRequestHeaders().getFirst("X-Amz-Target") + body);
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }
}
