package dev.couponbook.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where a home keeps everything: one directory, readable by its owner only. */
public record HomeDirectory(Path root) {
  /** What a home puts into its directory, and the home of the other kind that may lie in it. */
  public static final Set<String> NAMES =
      Set.of(
          "postgres",
          "queue",
          "files",
          "outbox",
          "issuer",
          "run",
          "logs",
          "home.json",
          "home.lock",
          "localstack");

  public HomeDirectory {
    root = root.toAbsolutePath().normalize();
  }

  public Path homeFile() {
    return root.resolve("home.json");
  }

  Path lockFile() {
    return root.resolve("home.lock");
  }

  public Path postgres() {
    return root.resolve("postgres");
  }

  Path queue() {
    return root.resolve("queue");
  }

  Path files() {
    return root.resolve("files");
  }

  Path outbox() {
    return root.resolve("outbox");
  }

  public Path issuer() {
    return root.resolve("issuer");
  }

  public Path run() {
    return root.resolve("run");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path pidFile(String program) {
    return run().resolve(program + ".pid");
  }

  public Path readyFile(String program) {
    return run().resolve(program + ".ready");
  }

  public Path logFile(String program) {
    return logs().resolve(program + ".log");
  }

  /** Creates what is missing. */
  public void create() {
    try {
      Files.createDirectories(root);
      ownerOnly(root);
      for (var folder : new Path[] {queue(), files(), outbox(), issuer(), run(), logs()}) {
        Files.createDirectories(folder);
      }
    } catch (FileAlreadyExistsException e) {
      throw new HomeException(
          e.getMessage() + " is a file, not a directory: give a directory with --data DIR.", e);
    } catch (IOException e) {
      throw new HomeException(
          "The data directory "
              + root
              + " cannot be created ("
              + reason(e)
              + "): give another one with --data DIR.",
          e);
    }
  }

  // Of these the class says what is wrong, and the message only where.
  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "its file system takes none";
      default -> String.valueOf(e.getMessage());
    };
  }

  static void ownerOnly(Path path) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
  }
}
