package dev.couponbook.local;

/** Between two looks at something that takes its time. */
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
