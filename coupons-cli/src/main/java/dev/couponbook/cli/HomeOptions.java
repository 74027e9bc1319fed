package dev.couponbook.cli;

import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.Ports;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which home a command speaks of, and how it answers. */
final class HomeOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the home keeps everything (default: .data in the project's root).")
  @Nullable Path data;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description =
          "First of the home's ten ports (default: the one it had last, at first "
              + Ports.DEFAULT_BASE
              + ").")
  @Nullable Integer portBase;

  @Option(names = "--json", description = "Answer in JSON, for scripts.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and end.")
  boolean help;

  HomeDirectory directory() {
    return new HomeDirectory(data == null ? ProjectRoot.path().resolve(".data") : data);
  }

  /** The port base asked for, or remembered, or the default. */
  int portBase() {
    if (portBase != null) {
      return new Ports(portBase).base();
    }
    return HomeFile.read(directory()).map(HomeFile::portBase).orElse(Ports.DEFAULT_BASE);
  }

  /** The home that these options speak of; it must have been started once. */
  Home home() {
    return Home.existing(directory(), portBase);
  }
}
