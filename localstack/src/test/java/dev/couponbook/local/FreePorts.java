package dev.couponbook.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ten ports in a row that nobody listens on. */
final class FreePorts {
  private FreePorts() {}

  static int base() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(2_000, 3_000) * 10;
      if (allFree(base)) {
        return base;
      }
    }
    throw new IllegalStateException("no ten free ports in a row between 20000 and 30000");
  }

  private static boolean allFree(int base) {
    for (int port = base; port < base + 10; port++) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        // free
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
