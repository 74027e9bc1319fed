package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "up",
    description = {
      "Starts what is not running, and waits until everything is ready.",
      "Everything keeps running after this command; ./coupons down stops it."
    })
public final class Up implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();
  @Mixin CloudOptions cloud = new CloudOptions();

  @Override
  public Integer call() {
    var home = bringUp(options, cloud);
    if (options.json) {
      Answer.json(home.state(home.look()));
    } else {
      print(home);
    }
    return ExitCode.DONE;
  }

  /** The home, running, with its first partner. */
  public static Home bringUp(HomeOptions options, CloudOptions cloud) {
    long began = System.nanoTime();
    var home =
        new StartPrograms(
                options.directory(),
                options.terms(cloud.endpoint, cloud.database),
                line -> System.err.println("  " + line))
            .start();
    Partners.add(home, Partners.FIRST);
    System.err.printf("  ready after %.1f s%n", (System.nanoTime() - began) / 1e9);
    return home;
  }

  private static String metrics(Home home) {
    return home.metricsLines().stream()
        .map(line -> "  " + line.replaceFirst("metrics  ", "metrics      "))
        .collect(Collectors.joining("\n"));
  }

  private static void print(Home home) {
    var ports = home.ports();
    System.out.printf(
        """
        Couponbook is ready.
          API          %s
          description  %s/docs
          PostgreSQL   %s
          SQS          %s
          S3           %s
          token keys   %s
          data         %s
        %s

        A token of the partner '%s', good for 12 hours:
        %s

        Next: ./coupons demo shows the whole way; ./coupons down stops everything.
        """,
        ports.edgeUrl(),
        ports.edgeUrl(),
        home.file().databaseUrl(),
        home.file().sqsUrl(),
        home.file().s3Url(),
        ports.jwksUrl(),
        home.directory().root(),
        metrics(home),
        Partners.FIRST,
        home.token(Partners.FIRST, Duration.ofHours(12)));
  }
}
