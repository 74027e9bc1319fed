package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.Durations;
import dev.couponbook.cli.terminal.ExitCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "token", description = "Prints an access token for a partner, and nothing else.")
public final class Token implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Option(names = "--partner", paramLabel = "NAME", required = true, description = "The partner.")
  String partner = "";

  @Option(
      names = "--life",
      paramLabel = "TIME",
      defaultValue = "12h",
      converter = Durations.class,
      description = "How long it is valid: 90s, 30m, 12h, 7d (default ${DEFAULT-VALUE}).")
  Duration life = Duration.ofHours(12);

  @Override
  public Integer call() {
    var home = options.home();
    var token = home.token(Partners.clientId(home, partner), life);
    if (options.json) {
      Answer.json(Map.of("token", token));
    } else {
      System.out.println(token);
    }
    return ExitCode.DONE;
  }
}
