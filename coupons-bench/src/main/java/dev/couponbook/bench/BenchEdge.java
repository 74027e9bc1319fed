package dev.couponbook.bench;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Partners;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "edge",
    description = {
      "Measures the edge of a home that is up, over 64 kept-alive connections.",
      "Its commands are real: they go to a book that is made for it, and find no codes there.",
      "assignPerSecond is the edge's own, while the worker stands still, as the queue of the",
      "yardstick has no reader either; assignBesideWorkerPerSecond is with the worker at work."
    })
final class BenchEdge implements Callable<Integer> {
  private static final int CONNECTIONS = 64;
  private static final int SENDERS = 8;
  private static final int WAITERS = 2_000;
  // A fresh JVM is still compiling after three seconds: its second run was three times as fast.
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  // The statistics of PostgreSQL are up to a second old.
  private static final Duration COUNTED = Duration.ofSeconds(5);
  // An idle connection of PostgreSQL reports its last transactions ten seconds late: those of the
  // load before would count as idle.
  private static final Duration SETTLE = Duration.ofSeconds(12);
  private static final Duration GATHER = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String CHECKS = "coupon_token_checks_seconds";
  private static final String SECOND_EDGE = "api-edge-second";
  private static final Pattern START = Pattern.compile("listening on .*JVM up (\\d+) ms");
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  @Mixin HomeOptions options = new HomeOptions();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "8",
      description = "How long each is measured (default ${DEFAULT-VALUE}).")
  int seconds = 8;

  private final Map<String, Double> figures = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    var home = options.home();
    var token = home.token(Partners.clientId(home, Partners.FIRST), LIFE);
    try (var edge = new EdgeClient(home.ports().edgeUrl(), token);
        var queue = new QueueYardstick(home.ports().sqs())) {
      var book = edge.command("/coupons", Map.of("bookName", "bench")).text("bookId");
      var assign = Map.of("bookId", book, "email", "bench@example.com");
      var body = Json.mapper().writeValueAsString(assign);
      var request = edge.submit("/coupons/assign", assign);
      edge.outcome(request, Duration.ofSeconds(60));
      var headers = "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n";

      measure(home, "constantPerSecond", "GET", "/health/liveness", "", "", 200);
      figures.put("sendOnePerSecond", sends(queue, body, 1));
      figures.put("sendEightPerSecond", sends(queue, body, SENDERS));
      measure(home, "pollPerSecond", "GET", "/requests/" + request, headers, "", 200);
      measure(home, "assignBesideWorkerPerSecond", "POST", "/coupons/assign", headers, body, 202);
      drained(edge, assign);
      withoutWorker(
          home,
          () -> measure(home, "assignPerSecond", "POST", "/coupons/assign", headers, body, 202));
      drained(edge, assign);
      figures.put("rssMegabytes", rssMegabytes(home));
      figures.put(
          "tokenMicros",
          tokenMicros(home, RawConnection.request("GET", "/requests/" + request, headers, "")));
      figures.put("waitingTransactionsPerSecond", waiting(home, headers, body));
      figures.put("startMillis", startMillis(home));
    }
    print();
    return ExitCode.DONE;
  }

  private double measure(
      Home home, String name, String method, String path, String headers, String body, int status) {
    var load =
        new RepeatedRequests(
            home.ports().edge(), RawConnection.request(method, path, headers, body), status);
    load.perSecond(CONNECTIONS, WARM_UP);
    double perSecond = load.perSecond(CONNECTIONS, Duration.ofSeconds(seconds));
    figures.put(name, perSecond);
    return perSecond;
  }

  /** What the edge says it needs to check a token, with one request at a time. */
  private double tokenMicros(Home home, byte[] poll) {
    var load = new RepeatedRequests(home.ports().edge(), poll, 200);
    load.perSecond(1, WARM_UP);
    int metrics = home.ports().edgeMetrics();
    double checks = ProgramMetrics.sum(metrics, CHECKS + "_count");
    double took = ProgramMetrics.sum(metrics, CHECKS + "_sum");
    load.perSecond(1, Duration.ofSeconds(seconds));
    return 1e6
        * (ProgramMetrics.sum(metrics, CHECKS + "_sum") - took)
        / (ProgramMetrics.sum(metrics, CHECKS + "_count") - checks);
  }

  private double sends(QueueYardstick queue, String body, int threads) {
    queue.sendsPerSecond(body, threads, WARM_UP);
    return queue.sendsPerSecond(body, threads, Duration.ofSeconds(seconds));
  }

  private static final String TRANSACTIONS =
      """
      SELECT xact_commit + xact_rollback
      FROM pg_stat_database
      WHERE datname = current_database()
      """;

  /**
   * Transactions per second of the database because two thousand requests wait. The worker stands
   * still for it, as it would answer them at once.
   */
  private double waiting(Home home, String headers, String body) throws Exception {
    var waiting =
        RawConnection.request("POST", "/coupons/assign", headers + "Prefer: wait=20\r\n", body);
    // The worker goes on before those who wait for it are waited for.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return withoutWorker(
          home,
          () -> {
            Thread.sleep(SETTLE);
            double idle = transactionsPerSecond(home);
            for (int i = 0; i < WAITERS; i++) {
              threads.submit(() -> exchange(home, waiting));
            }
            Thread.sleep(GATHER); // until all of them are there
            return transactionsPerSecond(home) - idle;
          });
    }
  }

  /** Measures while the worker stands still. */
  private static double withoutWorker(Home home, Callable<Double> measurement) throws Exception {
    var worker = home.process(Program.ASSIGN_WORKER).orElseThrow();
    var go = new Thread(() -> Signals.send(worker, "CONT"));
    Runtime.getRuntime().addShutdownHook(go); // also after Ctrl-C
    Signals.send(worker, "STOP");
    try {
      return measurement.call();
    } finally {
      Signals.send(worker, "CONT");
      Runtime.getRuntime().removeShutdownHook(go);
    }
  }

  // The queue keeps no order that could be promised, but near enough for a benchmark.
  private static void drained(EdgeClient edge, Map<String, ?> assign) {
    edge.outcome(edge.submit("/coupons/assign", assign), DRAIN);
  }

  private static int exchange(Home home, byte[] request) throws IOException {
    try (var connection = new RawConnection(home.ports().edge())) {
      return connection.exchange(request).status();
    }
  }

  private static double transactionsPerSecond(Home home) throws InterruptedException {
    long before = transactions(home);
    Thread.sleep(COUNTED);
    return (transactions(home) - before) * 1e3 / COUNTED.toMillis();
  }

  private static long transactions(Home home) {
    return OpsDatabase.ask(
        home,
        connection -> {
          try (var rows = connection.createStatement().executeQuery(TRANSACTIONS)) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  private static double rssMegabytes(Home home) throws IOException {
    var edge = home.process(Program.API_EDGE).orElseThrow();
    var status = Path.of("/proc", Long.toString(edge.pid()), "status");
    return Files.exists(status) ? last(RSS, status) / 1024.0 : Double.NaN;
  }

  /** Of a second edge, started twice: by then a file of its classes is there. */
  private static double startMillis(Home home) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (var second = new ExtraProcess(home, Program.API_EDGE, SECOND_EDGE)) {
        second.start();
      }
    }
    return last(START, home.directory().logFile(SECOND_EDGE));
  }

  private static double last(Pattern figure, Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .map(figure::matcher)
          .filter(Matcher::find)
          .mapToDouble(found -> Double.parseDouble(found.group(1)))
          .reduce((_, later) -> later)
          .orElse(Double.NaN);
    }
  }

  private void print() {
    var ratios = new LinkedHashMap<String, Double>();
    ratios.put("assignToConstant", ratio("assignPerSecond", "constantPerSecond"));
    ratios.put("assignToEightSenders", ratio("assignPerSecond", "sendEightPerSecond"));
    ratios.put("pollToConstant", ratio("pollPerSecond", "constantPerSecond"));
    if (options.json) {
      var answer = new LinkedHashMap<String, Object>();
      answer.put("bench", "edge");
      answer.put("connections", CONNECTIONS);
      answer.putAll(figures);
      answer.put("ratios", ratios);
      Answer.json(answer);
      return;
    }
    figures.forEach((name, value) -> System.out.printf("%-32s %12.1f%n", name, value));
    ratios.forEach((name, value) -> System.out.printf("%-32s %12.2f%n", name, value));
  }

  private double ratio(String figure, String yardstick) {
    return Math.round(
            1_000
                * figures.getOrDefault(figure, Double.NaN)
                / figures.getOrDefault(yardstick, Double.NaN))
        / 1e3;
  }
}
