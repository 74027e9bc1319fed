package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeDirectory;
import dev.couponbook.local.HomeFile;
import dev.couponbook.local.HomeTerms;
import dev.couponbook.local.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The programs of a home, in the order in which they are started. */
public enum Program {
  /** The local cloud; all others need it. */
  INFRA("infra", "localstack", "-Xmx384m", Program.QUICK_COMPILER, Program.SOON),
  API_EDGE("api-edge", "api-edge", "-Xmx128m", Program.SOON),
  ASSIGN_WORKER("assign-worker", "assign-worker", "-Xmx256m", Program.QUICK_COMPILER, Program.SOON),
  INGEST_BATCH("ingest-batch", "ingest-batch", "-Xmx256m"),
  UNLOCK_JOB("unlock-job", "unlock-job", "-Xmx96m", Program.QUICK_COMPILER);

  /**
   * For programs that have little to do per command or never run hot: in the first minutes of a
   * home, compilers are most of its work (docs/performance.md).
   */
  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  /** Compiles after a third of the calls that a JVM waits for by default. */
  private static final String SOON = "-XX:CompileThresholdScaling=0.3";

  /** All but the local cloud; they start in any order. */
  static final Set<Program> USERS_OF_INFRA = EnumSet.complementOf(EnumSet.of(INFRA));

  private final String title;
  private final String module;
  private final List<String> flags;

  Program(String title, String module, String... flags) {
    this.title = title;
    this.module = module;
    this.flags = List.of(flags);
  }

  public String title() {
    return title;
  }

  static Program named(String title) {
    for (var program : values()) {
      if (program.title.equals(title)) {
        return program;
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "There is no program '" + title + "'; the known ones are " + titles() + ".");
  }

  static List<String> titles() {
    return List.of(values()).stream().map(Program::title).toList();
  }

  /** Where Prometheus reads its metrics; empty for a program that serves none. */
  Optional<String> metricsUrl(Ports ports) {
    return metricsPort(ports).map(port -> "http://127.0.0.1:" + port + "/metrics");
  }

  Optional<Integer> metricsPort(Ports ports) {
    return switch (this) {
      case API_EDGE -> Optional.of(ports.edgeMetrics());
      case ASSIGN_WORKER -> Optional.of(ports.workerMetrics());
      case INGEST_BATCH -> Optional.of(ports.ingestMetrics());
      case INFRA, UNLOCK_JOB -> Optional.empty();
    };
  }

  public Path jar() {
    return ProjectRoot.path().resolve(module).resolve("target").resolve(module + ".jar");
  }

  /**
   * The whole command line: this launcher's own JDK, the program's flags, the user's after them.
   */
  public List<String> commandLine(HomeDirectory home, HomeTerms terms) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(flags);
    // Netty, Pekko and others still use features that JDK 25 warns about.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+AutoCreateSharedArchive");
    command.add("-XX:SharedArchiveFile=" + ClassArchive.of(jar()));
    command.add("-Xlog:cds*=off,aot*=off"); // or a line for each class left out
    // The JVM's own report, should it crash; otherwise it would lie wherever ./coupons was called.
    command.add("-XX:ErrorFile=" + home.logs().resolve(title + "-crash-%p.log"));
    command.addAll(userOptions());
    command.addAll(List.of("-jar", jar().toString()));
    if (this == INFRA) {
      command.addAll(List.of("--data", home.root().toString()));
      command.addAll(List.of("--port-base", Integer.toString(terms.portBase())));
      command.addAll(List.of("--home", terms.kind().toString()));
      if (terms.endpoint() != null) {
        command.addAll(List.of("--endpoint", terms.endpoint()));
      }
    }
    return command;
  }

  private List<String> userOptions() {
    var variable = "COUPONS_" + title.toUpperCase(Locale.ROOT).replace('-', '_') + "_JAVA_OPTS";
    var options = System.getenv().getOrDefault(variable, "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }

  /** What the local cloud must know and no list of processes may show: a password. */
  public Map<String, String> environment(HomeTerms terms) {
    return terms.database() == null ? Map.of() : Map.of("COUPON_HOME_DATABASE", terms.database());
  }

  /**
   * The settings that the home gives; everything else comes from the launcher's own environment.
   */
  public Map<String, String> environment(HomeDirectory home, HomeFile file) {
    var ports = file.ports();
    var settings = new LinkedHashMap<String, String>();
    settings.put("AWS_REGION", file.region());
    settings.put("AWS_ACCESS_KEY_ID", file.accessKeyId());
    settings.put("AWS_SECRET_ACCESS_KEY", file.secretAccessKey());
    settings.put("AWS_ENDPOINT_URL_SQS", file.sqsUrl());
    settings.put("AWS_ENDPOINT_URL_S3", file.s3Url());
    settings.put("COUPON_S3_PATH_STYLE", "true");
    settings.put("COUPON_DB_URL", file.databaseUrl());
    settings.put("COUPON_BUCKET", "coupon-files");
    settings.put("COUPON_READY_FILE", home.readyFile(title).toString());
    if (file.database() == null) {
      settings.put("COUPON_DISK", home.root().toString()); // the database's, too
    }
    switch (this) {
      case INFRA -> settings.clear();
      case API_EDGE -> {
        settings.put("COUPON_EDGE_HOST", "127.0.0.1");
        settings.put("COUPON_EDGE_PORT", Integer.toString(ports.edge()));
        settings.put("COUPON_JWT_JWKS_URL", ports.jwksUrl());
        settings.put("COUPON_JWT_ISSUER", ports.issuerUrl());
        settings.put("COUPON_REQUEST_ID_KEY", file.requestIdKey());
        settings.put("COUPON_EDGE_METRICS_PORT", Integer.toString(ports.edgeMetrics()));
        putLogin(settings, file, "coupon_edge");
      }
      case ASSIGN_WORKER -> {
        settings.put("COUPON_WORKER_METRICS_PORT", Integer.toString(ports.workerMetrics()));
        putLogin(settings, file, "coupon_worker");
      }
      case INGEST_BATCH -> {
        settings.put("COUPON_INGEST_METRICS_PORT", Integer.toString(ports.ingestMetrics()));
        putLogin(settings, file, "coupon_ingest");
      }
      case UNLOCK_JOB -> putLogin(settings, file, "coupon_sweep");
    }
    return settings;
  }

  private static void putLogin(Map<String, String> settings, HomeFile file, String role) {
    settings.put("COUPON_DB_USER", role);
    settings.put("COUPON_DB_PASSWORD", file.password(role));
  }
}
