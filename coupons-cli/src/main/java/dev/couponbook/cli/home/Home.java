package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.Issuer;
import dev.couponbook.local.Ports;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
    return ProgramLook.at(directory, program).isReady();
  }

  public boolean isReady() {
    return look().stream().allMatch(ProgramLook::isReady);
  }

  /**
   * Looks at all programs at the same time, so that several silent ones take no longer than one.
   */
  List<ProgramLook> look() {
    var looks = new ArrayList<Future<ProgramLook>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var program : Program.values()) {
        looks.add(threads.submit(() -> ProgramLook.at(directory, program)));
      }
    }
    return looks.stream().map(Future::resultNow).toList();
  }

  /** The answer of {@code up --json} and {@code status --json}; scripts rely on its form. */
  Map<String, Object> state(List<ProgramLook> looks) {
    var programs = new LinkedHashMap<String, Object>();
    looks.forEach(look -> programs.put(look.program().title(), state(look)));
    var state = new LinkedHashMap<String, Object>();
    state.put("ready", looks.stream().allMatch(ProgramLook::isReady));
    state.put("home", file.kind().toString());
    state.put("edge", ports().edgeUrl());
    state.put("issuer", Map.of("jwks", ports().jwksUrl()));
    state.put("database", file.databaseUrl());
    state.put("sqs", file.sqsUrl());
    state.put("s3", file.s3Url());
    state.put("programs", programs);
    return state;
  }

  private Map<String, Object> state(ProgramLook look) {
    var state = new LinkedHashMap<String, Object>();
    if (look.process() != null) {
      state.put("pid", look.process().pid());
    }
    state.put("state", look.state().text());
    if (!look.missing().isEmpty()) {
      state.put("missing", look.missing());
    }
    if (!look.isReady() && look.lastSign() != null) {
      state.put("lastSign", look.lastSign().toString());
    }
    look.program().metricsUrl(ports()).ifPresent(metrics -> state.put("metrics", metrics));
    return state;
  }

  /** For people: where Prometheus reads the metrics of each program that has some. */
  List<String> metricsLines() {
    return Stream.of(Program.values())
        .flatMap(program ->
            program.metricsUrl(ports()).stream()
                .map(url -> "metrics  %s  %s".formatted(url, program.title())))
        .toList();
  }

  /** A token of a partner that is known to exist. */
  public String token(String clientId, Duration life) {
    return Issuer.read(directory).token(ports().issuerUrl(), clientId, Instant.now(), life);
  }
}
