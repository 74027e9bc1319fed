package dev.couponbook.story;

import static org.awaitility.Awaitility.await;

import dev.couponbook.testing.CloudContainers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The home in which the stories play: started by {@code ./coupons up}, and stopped by {@code
 * ./coupons down} whatever happens. It kills only processes that it has started.
 */
final class Home implements AutoCloseable {
  static final List<String> PROGRAMS =
      List.of("infra", "api-edge", "assign-worker", "ingest-batch", "unlock-job");
  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private static final Path ROOT = Path.of(property("couponbook.root"), "").normalize();
  private static final HomeKind KIND = HomeKind.named(property("couponbook.home.kind"));
  private static final Path TARGET = Path.of(property("couponbook.target"));
  private static final int FIRST_BASE = 18_600;
  private static final int LAST_BASE = 19_900;
  private static final int PORTS_IN_A_ROW = 10;
  // Long enough for a cold start of five JVMs on a busy machine; the launcher gives up earlier.
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

  private final Path data;
  private final int portBase;
  private final @Nullable CloudContainers containers;
  private final AtomicInteger partners = new AtomicInteger();
  private final Set<String> knownViolations = new HashSet<>();
  private @Nullable JsonNode state;
  private @Nullable Tokens tokens;
  private boolean closed;

  private Home(Path data, int portBase, @Nullable CloudContainers containers) {
    this.data = data;
    this.portBase = portBase;
    this.containers = containers;
  }

  static HomeKind kind() {
    return KIND;
  }

  /**
   * Starts a home, or uses the one in the directory that {@code -Dcouponbook.home} names. One after
   * the other, so that no two find the same ports free.
   *
   * @param name tells the homes of one run apart
   */
  static synchronized Home start(String name) {
    var running = System.getProperty("couponbook.home", "");
    if (!running.isEmpty()) {
      return running(Path.of(running));
    }
    var home =
        new Home(
            TARGET.resolve("home-" + KIND + name),
            freePorts(),
            KIND == HomeKind.LOCALSTACK
                ? CloudContainers.start(ROOT.resolve("localstack/ready.d"))
                : null);
    home.sweepAwayFormerRun();
    // A build that is interrupted must leave nothing running either.
    Runtime.getRuntime().addShutdownHook(new Thread(home::close, "down"));
    home.up();
    return home;
  }

  // For developers who write a story and do not want to wait for five programs each time.
  private static Home running(Path data) {
    var home =
        new Home(
            data, Answer.parse(read(data.resolve("home.json"))).path("portBase").asInt(), null);
    home.closed = true;
    home.up();
    return home;
  }

  private void sweepAwayFormerRun() {
    if (Files.exists(data)) {
      run(command(List.of("down", "--data", data.toString())));
      delete(data);
    }
  }

  /** Starts the programs that do not run, and waits until all are ready. */
  JsonNode up() {
    var arguments = new ArrayList<>(List.of("up", "--json", "--home", KIND.toString()));
    if (containers != null) {
      arguments.addAll(List.of("--endpoint", containers.endpoint()));
      arguments.addAll(List.of("--database", containers.database()));
    }
    var line = coupons(arguments.toArray(String[]::new)).succeeds().lastLine();
    var answer = Answer.parse(line);
    state = answer;
    DescribedAnswers.expectOf(edge());
    return answer;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      System.out.print(DescribedAnswers.summary());
      coupons("down");
      if (containers != null) {
        containers.close();
      }
      // These have hundreds of megabytes, and only the logs are worth reading afterwards.
      for (var big : List.of("postgres", "files", "queue", "outbox")) {
        delete(data.resolve(big));
      }
    }
  }

  /** The result of a command of {@code ./coupons}. */
  record Run(List<String> command, int exit, String out, String err) {
    Run succeeds() {
      if (exit != 0) {
        throw new AssertionError(command + " ended with " + exit + ":\n" + out + err);
      }
      return this;
    }

    String lastLine() {
      return out.strip().lines().reduce("", (_, line) -> line);
    }
  }

  /** Runs {@code ./coupons} on this home. */
  Run coupons(String... arguments) {
    return coupons(Map.of(), arguments);
  }

  /** Runs {@code ./coupons} on this home, with variables in the shell's environment. */
  Run coupons(Map<String, String> variables, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString(), "--port-base", Integer.toString(portBase)));
    var command = command(all);
    command.environment().putAll(variables);
    return run(command);
  }

  /** Runs a bash script in the project's root. */
  static Run bash(String script, Map<String, String> variables) {
    var process = process(List.of("bash", "-euo", "pipefail", "-c", script));
    process.environment().putAll(variables);
    return run(process);
  }

  private static ProcessBuilder command(List<String> arguments) {
    var command = new ArrayList<>(List.of("./coupons"));
    command.addAll(arguments);
    var process = process(command);
    // The build is already running: it runs this test.
    process.environment().put("COUPONS_NO_BUILD", "1");
    return process;
  }

  private static ProcessBuilder process(List<String> command) {
    var process = new ProcessBuilder(command).directory(ROOT.toFile());
    process.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return process.redirectInput(new File("/dev/null"));
  }

  private static Run run(ProcessBuilder builder) {
    try {
      var out = Files.createTempFile(TARGET, "command", ".out");
      var err = Files.createTempFile(TARGET, "command", ".err");
      var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            builder.command() + " did not end:\n" + Files.readString(out) + Files.readString(err));
      }
      var run =
          new Run(
              builder.command(), process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String edge() {
    return state().path("edge").asString();
  }

  String jwks() {
    return state().path("issuer").path("jwks").asString();
  }

  /** The issuer that the programs trust, as the home's tokens name it. */
  String issuer() {
    return jwks().replace("/.well-known/jwks.json", "");
  }

  Path data() {
    return data;
  }

  long pid(String program) {
    return state().path("programs").path(program).path("pid").asLong();
  }

  boolean isAlive(String program) {
    return ProcessHandle.of(pid(program)).filter(Home::isAlive).isPresent();
  }

  // The JDK calls a process alive that was killed and whose parent has not asked how it ended.
  private static boolean isAlive(ProcessHandle process) {
    var stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      return process.isAlive()
          && !(Files.exists(stat)
              && Files.readString(stat).replaceFirst(".*\\) ", "").startsWith("Z"));
    } catch (IOException gone) {
      return false;
    }
  }

  private JsonNode state() {
    return Objects.requireNonNull(state, "the home is up");
  }

  /** {@code kill -9}; returns when the process is gone. */
  void kill(String program) {
    var process = ProcessHandle.of(pid(program)).orElseThrow();
    process.destroyForcibly();
    await(program + " is gone after kill -9")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !isAlive(process));
  }

  /** {@code kill -9}, without a look at what becomes of it. */
  void killAtOnce(String program) {
    killAtOnce(pid(program));
  }

  /** The same for a process that a program has started. */
  void killAtOnce(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  int portBase() {
    return portBase;
  }

  /** A program's resident memory in MiB, as {@code ps} sees it. */
  long residentMegabytes(String program) {
    var run = run(process(List.of("ps", "-o", "rss=", "-p", Long.toString(pid(program)))));
    return Long.parseLong(run.succeeds().out().strip()) / 1024;
  }

  Tokens tokens() {
    var known = tokens;
    if (known == null) {
      known = Tokens.of(this);
      tokens = known;
    }
    return known;
  }

  private static final String ADD_PARTNER =
      """
      INSERT INTO partner (name, client_id)
      VALUES (?, ?)
      """;

  // Several runs may share a home, in which numbers alone would not be unique.
  private final String run = Long.toString(System.currentTimeMillis(), 36);

  /** Adds a partner as {@code ./coupons partner add} does, without a JVM for each. */
  Partner partner(String of) {
    var name = of + "-" + run + "-" + partners.incrementAndGet();
    try (var connection = ops();
        var insert = connection.prepareStatement(ADD_PARTNER)) {
      insert.setString(1, name);
      insert.setString(2, name);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("partner " + name + " cannot be added", e);
    }
    return new Partner(edge(), name, tokens().access(name));
  }

  /** The database as operators see it. */
  Connection ops() throws SQLException {
    return as("coupon_ops");
  }

  /** The database as one of the programs sees it. */
  Connection as(String role) throws SQLException {
    var secrets = Answer.parse(read(data.resolve("home.json")));
    return DriverManager.getConnection(
        state().path("database").asString(), role, secrets.path("passwords").path(role).asString());
  }

  /** The first column of the first row. */
  long number(String sql, Object... parameters) {
    try (var connection = ops();
        var select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setObject(i + 1, parameters[i]);
      }
      try (var row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /**
   * The invariants that the tables break right now, except those that a test has already failed
   * for.
   */
  List<String> newViolations() {
    return violations().stream().filter(knownViolations::add).toList();
  }

  private List<String> violations() {
    try (var connection = ops();
        var select =
            connection.prepareStatement("SELECT rule, place FROM invariant_violation LIMIT 20");
        var rows = select.executeQuery()) {
      var violations = new ArrayList<String>();
      while (rows.next()) {
        violations.add(rows.getString("rule") + ": " + rows.getString("place"));
      }
      return violations;
    } catch (SQLException e) {
      throw new IllegalStateException("the invariants cannot be asked for", e);
    }
  }

  /** Sends what the schedule sends every minute. */
  void sweepIsDue() {
    sendMessage(
        "coupon-sweeps",
        """
        {"version":"0","id":"0f1e2d3c-0000-4000-8000-000000000000","detail-type":"Scheduled Event",\
        "source":"aws.scheduler","account":"000000000000","time":"2026-01-01T00:00:00Z",\
        "region":"eu-central-1","resources":["free-expired-locks"],"detail":"{}"}\
        """);
  }

  /** Puts a message into a queue, as anybody with the right to send could. */
  void sendMessage(String queue, String body) {
    var answer = sqs(queue, Map.of("Action", "SendMessage", "MessageBody", body));
    if (answer.status() != 200) {
      throw new AssertionError("the queue " + queue + " answered " + answer);
    }
  }

  private Answer sqs(String queue, Map<String, String> parameters) {
    var form = new ArrayList<String>();
    new LinkedHashMap<>(parameters)
        .forEach((name, value) ->
            form.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return Answer.of(
        HttpRequest.newBuilder(
                URI.create(state().path("sqs").asString() + "/000000000000/" + queue))
            // Nobody checks it; LocalStack reads the region from it.
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sqs/aws4_request,"
                    + " SignedHeaders=host, Signature=0")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(String.join("&", form)))
            .build());
  }

  /** Fetches the text at an address that needs no token. */
  static String fetch(String address) {
    try {
      return HTTP.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Path projectFile(String path) {
    return ROOT.resolve(path);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the build keeps what it makes. */
  static Path target() {
    return TARGET;
  }

  /** The first of ten ports in a row that nobody listens on. */
  static int freePorts() {
    for (int base = FIRST_BASE; base < LAST_BASE; base += PORTS_IN_A_ROW) {
      if (areFree(base)) {
        return base;
      }
    }
    throw new IllegalStateException(
        "no ten free ports in a row between " + FIRST_BASE + " and " + LAST_BASE);
  }

  private static boolean areFree(int base) {
    for (int port = base; port < base + PORTS_IN_A_ROW; port++) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        socket.getLocalPort();
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      System.err.println(folder + " could not be removed whole: " + e);
    }
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name + " is set by the build");
  }
}
