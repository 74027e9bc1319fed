package dev.couponbook.cli.home;

import java.nio.file.Path;

/** Where the project's folders are, as told by the script. */
final class ProjectRoot {
  private ProjectRoot() {}

  static Path path() {
    var root = System.getenv("COUPONS_ROOT");
    return Path.of(root == null ? "" : root).toAbsolutePath();
  }
}
