package dev.couponbook.cli.home;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Parts of a LocalStack home that are already running; remembered for later starts. */
public final class CloudOptions {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "A LocalStack that is already running, with localstack/ready.d as its init folder (default: one"
              + " in the home's own container).")
  @Nullable String endpoint;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "With --endpoint, a PostgreSQL server that is already running, with its superuser:"
              + " postgresql://USER:PASSWORD@HOST:PORT (default: the embedded one).")
  @Nullable String database;
}
