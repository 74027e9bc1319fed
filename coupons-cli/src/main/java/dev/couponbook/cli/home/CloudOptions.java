package dev.couponbook.cli.home;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Parts of a LocalStack home that run already; remembered, so that later starts need not say it.
 */
public final class CloudOptions {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "A LocalStack that runs already, with localstack/ready.d as its init folder (default: one"
              + " in a container of the home's own).")
  @Nullable String endpoint;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "With --endpoint, a PostgreSQL server that runs already, with its superuser:"
              + " postgresql://USER:PASSWORD@HOST:PORT (default: the embedded one).")
  @Nullable String database;
}
