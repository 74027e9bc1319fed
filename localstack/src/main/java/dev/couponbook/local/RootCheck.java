package dev.couponbook.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** PostgreSQL refuses to run as root; {@code unshare} hides that, if the machine allows it. */
final class RootCheck {
  private RootCheck() {}

  static void refuseHopelessRoot() {
    if ("root".equals(System.getProperty("user.name")) && !unshareWorks()) {
      throw new HomeException(
          "PostgreSQL refuses to run as root, and this machine (a container?) refuses unshare:"
              + " start ./coupons as an ordinary user.");
    }
  }

  private static boolean unshareWorks() {
    try {
      return new ProcessBuilder("unshare", "-U", "true")
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
