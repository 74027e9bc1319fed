package dev.couponbook.cli.home;

import dev.couponbook.json.Json;
import dev.couponbook.local.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** Asks the edge whether it is ready. */
final class EdgeHealth {
  private static final int PATIENCE_MILLIS = 2_000;

  private EdgeHealth() {}

  /** What the edge lacks: nothing if it is ready; empty if it does not answer. */
  static Optional<List<String>> missing(Ports ports) {
    try {
      var url = URI.create(ports.edgeUrl() + "/health/readiness").toURL();
      // The old HTTP client, because it loads fast, and this runs while everything else starts.
      var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      return switch (connection.getResponseCode()) {
        case 200 -> Optional.of(List.of());
        case 503 -> Optional.of(missing(connection.getErrorStream()));
        default -> Optional.empty();
      };
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static List<String> missing(InputStream body) throws IOException {
    try (body) {
      var missing = new ArrayList<String>();
      for (var part : Json.mapper().readTree(body.readAllBytes()).path("missing")) {
        missing.add(part.asString(""));
      }
      return missing.isEmpty() ? List.of("something that it does not name") : missing;
    }
  }
}
