package dev.couponbook.local;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the servers of a home still listen, each of which may die alone. */
final class ReachParts {
  private static final int CONNECT_MILLIS = 200;

  private final Map<String, URI> parts = new LinkedHashMap<>();

  ReachParts(HomeFile file) {
    parts.put("database", file.databaseServer());
    parts.put("queues", URI.create(file.sqsUrl()));
    parts.put("bucket", URI.create(file.s3Url()));
    parts.put("issuer", URI.create(file.ports().issuerUrl()));
  }

  /** The names of those that nobody serves any more. One that is only slow is not among them. */
  List<String> missing() {
    return parts.entrySet().stream()
        .filter(part -> isRefused(part.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isRefused(URI place) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(place.getHost(), place.getPort()), CONNECT_MILLIS);
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException slow) {
      return false;
    }
  }
}
