package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.HomeKind;
import dev.couponbook.local.HomeTerms;
import dev.couponbook.local.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which home a command is about, and how it answers. */
public final class HomeOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the home keeps everything (default: .data in the project's root, .data/localstack"
              + " for that home).")
  @Nullable Path data;

  @Option(
      names = "--home",
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES} (default: the kind that the home was first started as).")
  @Nullable HomeKind kind;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description =
          "First of the home's ten ports (default: the last one used, for a new home "
              + Ports.DEFAULT_BASE
              + ", plus ten for localstack).")
  @Nullable Integer portBase;

  @Option(names = "--json", description = "Answer in JSON, for scripts.")
  public boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  /**
   * Where the home is.
   *
   * @throws CommandFailure if there is something else, or nothing that this user may read
   */
  HomeDirectory directory() {
    var directory = place();
    if (Files.exists(directory.root()) && !Files.isDirectory(directory.root())) {
      throw new CommandFailure(
          ExitCode.USAGE,
          directory.root() + " is a file, not a directory: give a directory with --data DIR.");
    }
    if (Files.isDirectory(directory.root())
        && !(Files.isReadable(directory.root()) && Files.isExecutable(directory.root()))) {
      throw new CommandFailure(
          ExitCode.FAILED,
          directory.root()
              + " cannot be read by this user: a home belongs to the user who started it.");
    }
    return directory;
  }

  private HomeDirectory place() {
    if (data != null) {
      return new HomeDirectory(data);
    }
    var folder = ProjectRoot.path().resolve(".data");
    return new HomeDirectory(
        kind == HomeKind.LOCALSTACK ? folder.resolve(kind.toString()) : folder);
  }

  /** The kind given, or the remembered one, or the embedded one. */
  private HomeKind kind() {
    if (kind != null) {
      return kind;
    }
    return HomeFile.read(directory()).map(HomeFile::kind).orElse(HomeKind.EMBEDDED);
  }

  /** The port base given, or the remembered one, or the default of the kind. */
  int portBase() {
    if (portBase != null) {
      return new Ports(portBase).base();
    }
    return HomeFile.read(directory())
        .map(HomeFile::portBase)
        .orElse(kind() == HomeKind.LOCALSTACK ? Ports.LOCALSTACK_BASE : Ports.DEFAULT_BASE);
  }

  /** What the home is to be started with. */
  HomeTerms terms(@Nullable String endpoint, @Nullable String database) {
    return new HomeTerms(portBase(), kind(), endpoint, database);
  }

  /** The home that these options name; it must have been started once. */
  public Home home() {
    return Home.existing(directory(), portBase);
  }
}
