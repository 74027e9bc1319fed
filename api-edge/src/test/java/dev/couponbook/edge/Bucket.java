package dev.couponbook.edge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bucket as far as the edge alone can be tried: it says of each file whether it is there, and
 * refuses everything else. The stories have a whole one.
 */
public final class Bucket implements AutoCloseable {
  private final HttpServer server;
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  Bucket() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      boolean isThere =
          exchange.getRequestMethod().equals("HEAD")
              && !gone.contains(exchange.getRequestURI().getPath());
      exchange.sendResponseHeaders(isThere ? 200 : 404, -1);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on the bucket no longer has this file. */
  public void end(String key) {
    gone.add("/coupon-files/" + key);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
