package dev.couponbook.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The home's queue as an unlucky consumer sees it: some deletes are acknowledged and forgotten, so
 * that messages whose work is done come again, and what has not been deleted comes again soon.
 */
final class ForgetfulQueue implements AutoCloseable {
  private static final String TARGET = "X-Amz-Target";
  private static final String JSON = "application/x-amz-json-1.0";

  // Shorter than the queue's own, so that a run does not wait for minutes at its end.
  private static final int VISIBILITY_SECONDS = 15;
  // Longer than a long poll.
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final URI queue;
  private final int forgotten;
  private final SplittableRandom random;
  private final AtomicInteger deletes = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /**
   * Listens on a free port of loopback.
   *
   * @param forgotten how many of a hundred deletes have no effect
   */
  ForgetfulQueue(URI queue, int forgotten, SplittableRandom random) {
    this.queue = queue;
    this.forgotten = forgotten;
    this.random = random;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many messages were to be deleted, and were not. */
  int forgottenDeletes() {
    return deletes.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var action = String.valueOf(exchange.getRequestHeaders().getFirst(TARGET));
      var request = Json.mapper().readTree(exchange.getRequestBody());
      if (action.endsWith(".DeleteMessageBatch") && isForgotten()) {
        answer(exchange, 200, acknowledged(request));
      } else if (action.endsWith(".ReceiveMessage")) {
        ((ObjectNode) request).put("VisibilityTimeout", VISIBILITY_SECONDS);
        pass(exchange, action, request);
      } else {
        pass(exchange, action, request);
      }
    }
  }

  private synchronized boolean isForgotten() {
    return random.nextInt(100) < forgotten;
  }

  private byte[] acknowledged(JsonNode request) {
    var entries = request.path("Entries");
    deletes.addAndGet(entries.size());
    var successful =
        entries.valueStream().map(entry -> Map.of("Id", entry.path("Id").asString())).toList();
    return Json.mapper().writeValueAsBytes(Map.of("Successful", successful, "Failed", List.of()));
  }

  // The queue may be away, as one of those that are killed: then the caller finds nobody either.
  private void pass(HttpExchange exchange, String action, JsonNode request) throws IOException {
    var call =
        HttpRequest.newBuilder(queue)
            .timeout(PATIENCE)
            .header(TARGET, action)
            .header("Content-Type", JSON)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(request)))
            .build();
    try {
      var answer = client.send(call, BodyHandlers.ofByteArray());
      answer(exchange, answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", JSON);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
