package dev.couponbook.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The modules of this checkout, as folders: their compiled classes and their sources. */
final class Modules {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Modules() {}

  /** All folders with a build file and code. */
  private static List<Path> all() {
    try (var folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .filter(folder -> Files.isDirectory(folder.resolve("src")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the modules with a program or a library: all but those that have only tests. */
  static List<String> names() {
    return all().stream()
        .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
        .map(module -> module.getFileName().toString())
        .toList();
  }

  static Path classes(String module) {
    return ROOT.resolve(module).resolve("target/classes");
  }

  /** Compiled code of programs and of tests. */
  static List<Path> allClasses() {
    return all().stream()
        .flatMap(module ->
            Stream.of(module.resolve("target/classes"), module.resolve("target/test-classes")))
        .filter(Files::isDirectory)
        .toList();
  }

  /** The Java files of programs; with {@code alsoTests}, those of tests too. */
  static List<Path> sources(boolean alsoTests) {
    return all().stream()
        .flatMap(module ->
            alsoTests
                ? Stream.of(module.resolve("src/main/java"), module.resolve("src/test/java"))
                : Stream.of(module.resolve("src/main/java")))
        .filter(Files::isDirectory)
        .flatMap(Modules::javaFiles)
        .toList();
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For messages: the path from the checkout's root. */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }
}
