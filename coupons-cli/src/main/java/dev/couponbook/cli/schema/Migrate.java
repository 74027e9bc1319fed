package dev.couponbook.cli.schema;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.schema.MigrateDatabase;
import dev.couponbook.schema.MigrateSettings;
import dev.couponbook.schema.MigrationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "migrate",
    description = {
      "Brings a database that is not a home's to the schema of this version, and lets the programs"
          + " log in.",
      "The owner's password is read from COUPON_OWNER_PASSWORD, those of the programs from"
          + " COUPON_EDGE_PASSWORD, COUPON_WORKER_PASSWORD, COUPON_INGEST_PASSWORD,"
          + " COUPON_SWEEP_PASSWORD and COUPON_OPS_PASSWORD; each name with _FILE behind it may name"
          + " a file instead."
    })
public final class Migrate implements Callable<Integer> {
  @Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "The database: jdbc:postgresql://host:port/name, without a password.")
  String url = "";

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      required = true,
      description = "The role that owns the schema; it needs CREATEROLE.")
  String owner = "";

  @Option(names = "--check", description = "Say what is missing, and change nothing.")
  boolean check;

  @Option(names = "--json", description = "Answer in JSON, for scripts.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  // The launcher has no log; without one, the library tells each step on stderr by this logger.
  private static final Logger STEPS = Logger.getLogger("org.flywaydb");

  @Override
  public Integer call() {
    STEPS.setLevel(Level.OFF);
    var settings =
        MigrateSettings.from(
            new Environment(System.getenv()), DatabaseSettings.url("--url", url), owner);
    try {
      return check ? check(settings.migration()) : run(settings);
    } catch (MigrationException e) {
      throw new CommandFailure(exitCode(e.kind()), String.valueOf(e.getMessage()), e);
    }
  }

  private int check(MigrateDatabase migration) {
    var missing = migration.missing();
    if (json) {
      Answer.json(Map.of("missing", missing));
    } else if (missing.isEmpty()) {
      System.out.println("Nothing is missing.");
    } else {
      missing.forEach(System.out::println);
    }
    return missing.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private int run(MigrateSettings settings) {
    var done = settings.migration().run(settings.passwords());
    if (json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("version", done.version());
      answer.put("steps", done.steps());
      answer.put("withoutLogin", done.withoutLogin());
      Answer.json(answer);
    } else {
      System.out.println(done.sentence());
    }
    return ExitCode.DONE;
  }

  private static int exitCode(MigrationException.Kind kind) {
    return switch (kind) {
      case FAILED -> ExitCode.FAILED;
      case REFUSED -> ExitCode.REFUSED;
      case UNREACHABLE -> ExitCode.UNREACHABLE;
    };
  }
}
