package dev.couponbook.cli.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program's classes as its JVM has read and checked them ({@code -XX:+AutoCreateSharedArchive}).
 * A JVM that finds no archive writes one when it exits normally; the next start takes half the
 * time.
 */
final class ClassArchive {
  private ClassArchive() {}

  /**
   * The file beside the jar. An archive of an older jar is deleted: a JVM neither uses nor replaces
   * it, so every start would stay slow.
   */
  static Path of(Path jar) {
    var name = jar.getFileName().toString();
    var archive = jar.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".jsa");
    try {
      if (Files.exists(archive)
          && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        Files.delete(archive);
      }
    } catch (IOException e) {
      System.err.println(
          archive + " of an older build cannot be deleted, so starts stay slow: " + e);
    }
    return archive;
  }
}
