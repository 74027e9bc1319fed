package dev.couponbook.cli.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program's classes as its JVM has read and checked them ({@code -XX:+AutoCreateSharedArchive}).
 * A JVM that finds no archive writes one when it ends in good order; the next start takes half the
 * time.
 */
final class ClassArchive {
  private ClassArchive() {}

  /**
   * The file beside the jar. One that was written for an older jar is deleted: a JVM leaves it
   * alone, and would start slowly for good.
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
      System.err.println(archive + " of an older build stays, and starts are slow: " + e);
    }
    return archive;
  }
}
