package dev.couponbook.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves the issuer's public key at the address where the programs look for it. */
final class IssuerServer implements AutoCloseable {
  private final HttpServer server;

  private IssuerServer(HttpServer server) {
    this.server = server;
  }

  static IssuerServer start(HomeFile file, Issuer issuer) {
    var jwks = issuer.jwks().getBytes(StandardCharsets.UTF_8);
    try {
      var server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByName(host()), file.ports().issuer()), 0);
      server.createContext(
          "/.well-known/jwks.json",
          exchange -> {
            try (exchange) {
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(200, jwks.length);
              exchange.getResponseBody().write(jwks);
            }
          });
      server.start();
      return new IssuerServer(server);
    } catch (IOException e) {
      throw new HomeException("The issuer did not start: " + e.getMessage(), e);
    }
  }

  // In a container, loopback would be the container's own.
  private static String host() {
    return System.getenv().getOrDefault("COUPON_HOME_HOST", "127.0.0.1");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
