package dev.couponbook.cli.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on loopback that gives the answers it was told to give, in their order, and keeps
 * what it was asked. The last answer to a request is given again and again.
 */
public final class Answers implements AutoCloseable {
  /** A request that came. */
  public record Asked(String request, Map<String, String> headers, String body) {
    public @Nullable String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  private record Answer(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final Map<String, Queue<Answer>> answers = new HashMap<>();
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

  public Answers() {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Adds an answer.
   *
   * @param request such as {@code GET /requests/1}
   */
  public synchronized Answers to(String request, int status, String body) {
    return to(request, status, body, Map.of());
  }

  public synchronized Answers to(
      String request, int status, String body, Map<String, String> headers) {
    answers
        .computeIfAbsent(request, _ -> new ArrayDeque<>())
        .add(new Answer(status, headers, body));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(request, headers, body));
    var answer = next(request);
    answer.headers().forEach(exchange.getResponseHeaders()::add);
    var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized Answer next(String request) {
    var queue = answers.get(request);
    if (queue == null) {
      return new Answer(404, Map.of(), "{\"error\":\"no answer to " + request + "\"}");
    }
    var next = queue.peek();
    if (queue.size() > 1) {
      queue.remove();
    }
    return next;
  }

  /** What came so far, in its order. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
