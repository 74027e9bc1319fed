package dev.couponbook.cli.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that outlives the launcher. */
public final class BackgroundProcess {
  private BackgroundProcess() {}

  // Job control gives the program a process group of its own, which Ctrl-C does not reach; nohup
  // keeps it when the terminal goes. setsid would do both, but macOS has none.
  public static ProcessHandle start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    var shell = new ArrayList<>(List.of("bash", "-c", DETACH, "coupons", log.toString()));
    shell.addAll(command);
    var builder = new ProcessBuilder(shell).redirectErrorStream(true);
    var variables = builder.environment();
    // The user's own cloud account and proxies have no business in a home on loopback.
    variables.keySet().removeIf(BackgroundProcess::isOfTheUsersCloud);
    variables.putAll(environment);
    var process = builder.start();
    var pid = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return ProcessHandle.of(Long.parseLong(pid))
          .orElseThrow(() -> new IOException("it ended at once; see " + log));
    } catch (NumberFormatException e) {
      throw new IOException("the shell said: " + pid, e);
    }
  }

  private static final String DETACH =
      """
      set -m
      log=$1
      shift
      nohup "$@" >>"$log" 2>&1 </dev/null &
      echo $!
      """;

  private static boolean isOfTheUsersCloud(String variable) {
    return variable.startsWith("AWS_")
        || variable.equalsIgnoreCase("http_proxy")
        || variable.equalsIgnoreCase("https_proxy")
        || variable.equalsIgnoreCase("all_proxy");
  }
}
