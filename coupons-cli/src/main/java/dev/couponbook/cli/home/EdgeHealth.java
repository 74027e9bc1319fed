package dev.couponbook.cli.home;

import dev.couponbook.local.Ports;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/** Asks the edge whether it is ready. */
final class EdgeHealth {
  private static final int PATIENCE_MILLIS = 2_000;

  private EdgeHealth() {}

  static boolean isReady(Ports ports) {
    try {
      var url = URI.create(ports.edgeUrl() + "/health/readiness").toURL();
      // The old HTTP client, because it loads fast, and this runs while everything else starts.
      var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
