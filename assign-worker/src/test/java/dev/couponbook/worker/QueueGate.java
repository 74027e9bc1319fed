package dev.couponbook.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A proxy for SQS through which messages arrive twice, late and in any order, and deletes are lost
 * or have a handle that is no longer valid. It speaks the JSON protocol, so that any program can be
 * pointed at it by its endpoint.
 */
final class QueueGate implements AutoCloseable {
  private static final String TARGET = "X-Amz-Target";
  // The most that SQS gives in one call.
  private static final int RECEIVE = 10;
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * How bad the connection is; shares are of messages, from 0 to 1.
   *
   * @param duplicates share that arrives a second time, whatever became of the first
   * @param delayed how much later messages arrive, at most
   * @param inHand how many messages are held at most; each receive draws some of them at random
   * @param lostDeletes share of deletes that are answered but never done
   * @param staleHandles share of deletes that are refused, as if somebody else had received the
   *     message since
   */
  public record Faults(
      double duplicates, long delayedMillis, int inHand, double lostDeletes, double staleHandles) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0);
  }

  /** What happened so far. */
  public record Counts(int received, int duplicated, int deletesLost, int handlesRefused) {}

  private record Held(String queue, JsonNode message, long notBefore) {}

  private enum StopAt {
    NOWHERE,
    BEFORE_DELETE,
    BEHIND_DELETE
  }

  private final URI queue;
  private final Faults faults;
  private final Random dice;
  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Held> held = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger duplicated = new AtomicInteger();
  private final AtomicInteger deletesLost = new AtomicInteger();
  private final AtomicInteger handlesRefused = new AtomicInteger();
  private volatile StopAt stopAt = StopAt.NOWHERE;
  private volatile CompletableFuture<Void> reached = new CompletableFuture<>();

  /**
   * @param port of the queue's server on this machine
   */
  public QueueGate(int port, Faults faults, long seed) {
    this.queue = URI.create("http://127.0.0.1:" + port);
    this.faults = faults;
    this.dice = new Random(seed);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public Counts counts() {
    return new Counts(received.get(), duplicated.get(), deletesLost.get(), handlesRefused.get());
  }

  /** Stops before the next delete reaches the queue. */
  public CompletableFuture<Void> stopBeforeDelete() {
    return stop(StopAt.BEFORE_DELETE);
  }

  /** Stops after the next delete is done, before anybody hears of it. */
  public CompletableFuture<Void> stopBehindDelete() {
    return stop(StopAt.BEHIND_DELETE);
  }

  private CompletableFuture<Void> stop(StopAt where) {
    reached = new CompletableFuture<>();
    stopAt = where;
    return reached;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var action = String.valueOf(exchange.getRequestHeaders().getFirst(TARGET));
      var body = exchange.getRequestBody().readAllBytes();
      var answer =
          switch (action) {
            case "AmazonSQS.ReceiveMessage" -> receive(exchange, (ObjectNode) JSON.readTree(body));
            case "AmazonSQS.DeleteMessageBatch" ->
                delete(exchange, (ObjectNode) JSON.readTree(body));
            default -> forward(exchange, body);
          };
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Answer(int status, byte[] body) {
    static Answer of(JsonNode json) {
      return new Answer(200, JSON.writeValueAsBytes(json));
    }
  }

  private Answer forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(queue).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (var name : List.of(TARGET, "Content-Type", "Authorization", "X-Amz-Date")) {
      @Nullable String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body());
  }

  private Answer receive(HttpExchange exchange, ObjectNode request)
      throws IOException, InterruptedException {
    if (faults.equals(Faults.NONE)) {
      return forward(exchange, JSON.writeValueAsBytes(request));
    }
    var from = request.path("QueueUrl").asString();
    int most = request.path("MaxNumberOfMessages").asInt(1);
    var given = draw(from, most);
    if (given.isEmpty()) {
      takeInHand(exchange, request, request.path("WaitTimeSeconds").asInt(0));
      given = draw(from, most);
    } else {
      takeInHand(exchange, request, 0);
    }
    received.addAndGet(given.size());
    var answer = JSON.createObjectNode();
    if (!given.isEmpty()) {
      answer.putArray("Messages").addAll(given);
    }
    return Answer.of(answer);
  }

  // Filled up to its limit, as far as the queue has messages.
  private void takeInHand(HttpExchange exchange, ObjectNode request, int wait)
      throws IOException, InterruptedException {
    var from = request.path("QueueUrl").asString();
    request.put("MaxNumberOfMessages", RECEIVE);
    for (int seconds = wait; inHand(from) < Math.max(faults.inHand(), 1); seconds = 0) {
      request.put("WaitTimeSeconds", seconds);
      var answer = forward(exchange, JSON.writeValueAsBytes(request));
      var messages = JSON.readTree(answer.body()).path("Messages");
      if (messages.isEmpty()) {
        return;
      }
      synchronized (dice) {
        for (var message : messages) {
          held.add(new Held(from, message, System.nanoTime() + delay()));
        }
      }
    }
  }

  private long inHand(String queue) {
    synchronized (dice) {
      return held.stream().filter(h -> h.queue().equals(queue)).count();
    }
  }

  private long delay() {
    return faults.delayedMillis() == 0 ? 0 : dice.nextLong(faults.delayedMillis() * 1_000_000);
  }

  private List<JsonNode> draw(String queue, int most) {
    synchronized (dice) {
      long now = System.nanoTime();
      var due =
          new ArrayList<>(
              held.stream()
                  .filter(h -> h.queue().equals(queue) && h.notBefore() - now <= 0)
                  .toList());
      Collections.shuffle(due, dice);
      var drawn = due.subList(0, Math.min(most, due.size()));
      held.removeAll(drawn);
      var messages = new ArrayList<JsonNode>();
      for (var one : drawn) {
        messages.add(one.message());
        if (dice.nextDouble() < faults.duplicates()) {
          duplicated.incrementAndGet();
          held.add(new Held(queue, one.message().deepCopy(), now + delay()));
        }
      }
      return messages;
    }
  }

  private Answer delete(HttpExchange exchange, ObjectNode request)
      throws IOException, InterruptedException {
    if (stopAt == StopAt.BEFORE_DELETE) {
      standStill();
    }
    var done = JSON.createArrayNode();
    var refused = JSON.createArrayNode();
    var passed = JSON.createArrayNode();
    for (var entry : request.path("Entries")) {
      sort(entry, done, refused, passed);
    }
    var answer = JSON.createObjectNode();
    answer.set("Successful", done);
    answer.set("Failed", refused);
    if (!passed.isEmpty()) {
      request.set("Entries", passed);
      var reply = forward(exchange, JSON.writeValueAsBytes(request));
      if (stopAt == StopAt.BEHIND_DELETE) {
        standStill();
      }
      if (reply.status() != 200) {
        return reply;
      }
      var told = JSON.readTree(reply.body());
      told.path("Successful").forEach(done::add);
      told.path("Failed").forEach(refused::add);
    }
    return Answer.of(answer);
  }

  private void sort(JsonNode entry, ArrayNode done, ArrayNode refused, ArrayNode passed) {
    double roll;
    synchronized (dice) {
      roll = dice.nextDouble();
    }
    var id = entry.path("Id").asString();
    if (roll < faults.lostDeletes()) {
      deletesLost.incrementAndGet();
      done.addObject().put("Id", id);
    } else if (roll < faults.lostDeletes() + faults.staleHandles()) {
      handlesRefused.incrementAndGet();
      refused
          .addObject()
          .put("Id", id)
          .put("SenderFault", true)
          .put("Code", "ReceiptHandleIsInvalid");
    } else {
      passed.add(entry);
    }
  }

  private void standStill() throws InterruptedException {
    reached.complete(null);
    closed.await();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
