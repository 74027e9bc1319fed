package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.Issuer;
import dev.couponbook.local.Ports;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A home that was started at least once: its addresses, secrets and processes. */
public record Home(HomeDirectory directory, HomeFile file) {

  static Home existing(HomeDirectory directory, @Nullable Integer portBase) {
    var file =
        HomeFile.read(directory)
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "There is no home in "
                        + directory.root()
                        + " yet: start one with ./coupons up."));
    if (portBase != null && portBase != file.portBase()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "The home in "
              + directory.root()
              + " has the port base "
              + file.portBase()
              + ", not "
              + portBase
              + ".");
    }
    return new Home(directory, file);
  }

  public Ports ports() {
    return file.ports();
  }

  public Optional<ProcessHandle> process(Program program) {
    return process(directory, program);
  }

  public static Optional<ProcessHandle> process(HomeDirectory directory, Program program) {
    return new PidFile(directory.pidFile(program.title())).process();
  }

  public boolean isReady(Program program) {
    return process(program).isPresent()
        && Files.exists(directory.readyFile(program.title()))
        && (program != Program.API_EDGE || EdgeHealth.isReady(ports()));
  }

  public boolean isReady() {
    for (var program : Program.values()) {
      if (!isReady(program)) {
        return false;
      }
    }
    return true;
  }

  /** The answer of {@code up --json} and {@code status --json}; scripts rely on its form. */
  Map<String, Object> state() {
    var programs = new LinkedHashMap<String, Object>();
    for (var program : Program.values()) {
      process(program).ifPresent(p -> programs.put(program.title(), Map.of("pid", p.pid())));
    }
    var state = new LinkedHashMap<String, Object>();
    state.put("ready", isReady());
    state.put("home", file.kind().toString());
    state.put("edge", ports().edgeUrl());
    state.put("issuer", Map.of("jwks", ports().jwksUrl()));
    state.put("database", file.databaseUrl());
    state.put("sqs", file.sqsUrl());
    state.put("s3", file.s3Url());
    state.put("programs", programs);
    return state;
  }

  /** A token of a partner that is known to exist. */
  public String token(String clientId, Duration life) {
    return Issuer.read(directory).token(ports().issuerUrl(), clientId, Instant.now(), life);
  }
}
