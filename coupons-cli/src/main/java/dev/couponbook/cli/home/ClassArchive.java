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
   * The file beside the jar. An archive that is older than the jar, or than a library beside it, is
   * deleted: a JVM neither uses nor replaces it, so every start would stay slow.
   */
  static Path of(Path jar) {
    var name = jar.getFileName().toString();
    var archive = jar.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".jsa");
    try {
      if (Files.exists(archive) && isOlder(archive, jar)) {
        Files.delete(archive);
      }
    } catch (IOException e) {
      System.err.println(
          archive + " of an older build cannot be deleted, so starts stay slow: " + e);
    }
    return archive;
  }

  private static boolean isOlder(Path archive, Path jar) throws IOException {
    var written = Files.getLastModifiedTime(archive);
    if (written.compareTo(Files.getLastModifiedTime(jar)) < 0) {
      return true;
    }
    var libraries = jar.resolveSibling("lib");
    if (!Files.isDirectory(libraries)) {
      return false;
    }
    try (var entries = Files.newDirectoryStream(libraries)) {
      for (var library : entries) {
        if (written.compareTo(Files.getLastModifiedTime(library)) < 0) {
          return true;
        }
      }
    }
    return false;
  }
}
