package dev.couponbook.local;

/** A pause between two looks at something that takes time. */
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while the home was being started.", e);
    }
  }
}
