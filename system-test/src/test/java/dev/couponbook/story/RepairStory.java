package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.testing.Effort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An operator calls {@code ./coupons up} in the very second in which programs were killed: it
 * believes what they answer, starts what is dead, and says so. Every round is thrown by dice, whose
 * seed is printed; {@code -Dcoupon.seed=} throws them again. How long it takes is printed and not
 * judged: on a quiet machine a program is back within five seconds.
 */
@Tag("long")
@Order(Integer.MAX_VALUE)
@OwnHome
@PlaysIn(
    value = HomeKind.EMBEDDED,
    because =
        "The launcher is the same in both; LocalStack forgets its files when it is restarted.")
class RepairStory {
  // One kill of four hits the local cloud.
  private static final int INFRA_EVERY = 4;

  private static Random dice(String what) {
    long seed = Long.getLong("coupon.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    System.out.println(what + ": seed " + seed);
    return new Random(seed);
  }

  /** Calls up, and checks that all that it called ready lives, answers and works. */
  private static double upIsWhole(Home home, Partner partner, String killed) {
    long began = System.nanoTime();
    var ready = home.up();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf("  %s killed, up after %.1f s%n", killed, seconds);

    assertThat(ready.path("ready").asBoolean()).as(killed).isTrue();
    for (var program : Home.PROGRAMS) {
      assertThat(home.isAlive(program)).as("%s after the kill of %s", program, killed).isTrue();
    }
    var status = Answer.parse(home.coupons("status", "--json").succeeds().lastLine());
    assertThat(status.path("programs")).isEqualTo(ready.path("programs"));
    var book = partner.bookOf(Partner.codes("REPAIR-" + System.nanoTime() + "-", 1));
    partner.post("/coupons/assign", json("bookId", book, "email", "ann@example.com")).is(200);
    var file = "code\nFILE-" + System.nanoTime() + "\n";
    partner.upload(book, file.getBytes(StandardCharsets.US_ASCII)).endsAs("completed");
    return seconds;
  }

  @BeforeEach
  void whatever_the_story_before_left_is_up(Home home) {
    home.up();
  }

  @Test
  @Timeout(1_200)
  void a_killed_program_is_back_and_the_times_are_printed(Home home, Partner partner) {
    var dice = dice("a program killed");
    var times = new ArrayList<Double>();
    for (int round = 0; round < Effort.of(2, 3, 40); round++) {
      var program =
          Home.PROGRAMS.get(
              round % INFRA_EVERY == 0 ? 0 : 1 + dice.nextInt(Home.PROGRAMS.size() - 1));
      home.killAtOnce(program);
      times.add(upIsWhole(home, partner, program));
    }
    Collections.sort(times);
    System.out.printf(
        "%d rounds: median %.1f s, worst %.1f s%n",
        times.size(), times.get(times.size() / 2), times.getLast());
  }

  @Test
  @Timeout(1_200)
  void whatever_dies_together_is_whole_again(Home home, Partner partner) {
    var dice = dice("several killed");
    for (int round = 0; round < Effort.of(1, 1, 10); round++) {
      var victims = new ArrayList<>(Home.PROGRAMS);
      Collections.shuffle(victims, dice);
      var killed = victims.subList(0, 2 + dice.nextInt(victims.size() - 1));
      killed.forEach(home::killAtOnce);
      upIsWhole(home, partner, String.join(", ", killed));
    }
  }

  @Test
  @Timeout(300)
  void a_database_that_died_alone_is_started_again(Home home, Partner partner) throws IOException {
    var pidFile = home.data().resolve("postgres/postmaster.pid");
    long postmaster = Long.parseLong(Files.readAllLines(pidFile).getFirst());
    home.killAtOnce(postmaster);
    upIsWhole(home, partner, "PostgreSQL");
  }

  @Test
  @Timeout(300)
  void a_half_dead_home_gives_sentences(Home home, Partner partner) throws IOException {
    var book = partner.bookOf(Partner.codes("HALF-", 1));
    var file = Files.writeString(home.data().resolve("run/half.csv"), "code\nHALF-A\n");
    home.kill("infra");

    var status = home.coupons("status");
    assertThat(status.exit()).isEqualTo(6);
    assertThat(status.out())
        .containsPattern("infra +- +killed")
        .containsPattern("api-edge +\\d+ +not ready, lacks");
    for (var command :
        List.of(
            List.of("queues", "list"),
            List.of("queues", "peek", "coupon-commands-dead"),
            List.of("upload", file.toString(), "--book", book, "--partner", partner.name()),
            List.of(
                "jobs",
                "start",
                "--partner",
                partner.name(),
                "--book",
                book,
                "--generate",
                "2000"))) {
      var run = home.coupons(command.toArray(String[]::new));
      assertThat(run.exit()).as("%s", run).isEqualTo(6);
      assertThat(run.err()).doesNotContain("\tat ").doesNotContain("Exception");
    }
    upIsWhole(home, partner, "infra");
  }

  @Test
  @Timeout(300)
  void a_port_of_the_edge_or_of_metrics_that_is_taken_is_told(Home home, Partner partner)
      throws IOException {
    int base = home.portBase();
    home.kill("assign-worker");
    try (var taken = take(base + 6)) {
      var up = home.coupons("up").succeeds();
      assertThat(up.err()).contains("port " + taken.getLocalPort() + " is in use");
      home.up();
      upIsWhole(home, partner, "nothing");
      var log = Files.readString(home.data().resolve("logs/assign-worker.log"));
      assertThat(log.lines().filter(line -> line.contains("no metrics are served"))).hasSize(1);
    }
    assertThat(home.coupons("restart", "assign-worker").succeeds().out()).contains("runs again");
    home.up();

    home.coupons("down").succeeds();
    try (var taken = take(base)) {
      var up = home.coupons("up");
      assertThat(up.exit()).isEqualTo(1);
      assertThat(up.err())
          .contains("Port " + taken.getLocalPort() + " is in use by another program")
          .doesNotContain("\tat ")
          .doesNotContain("Exception");
      assertThat(home.coupons("status").out()).doesNotContain("ready");
    }
    upIsWhole(home, partner, "all");
  }

  // The last of a killed program may still hold its port.
  private static ServerSocket take(int port) {
    return await().ignoreException(BindException.class).until(() -> listen(port), _ -> true);
  }

  private static ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
    return socket;
  }

  @Test
  @Timeout(300)
  void a_restarted_program_has_the_settings_of_the_shell(Home home, Partner partner) {
    var before = home.pid("api-edge");
    home.coupons(Map.of("COUPON_EDGE_ACCESS_LOG", "false"), "restart", "api-edge").succeeds();
    home.up();
    assertThat(home.pid("api-edge")).isNotEqualTo(before);
    var log = home.data().resolve("logs/api-edge.log");
    long length = Home.read(log).length();
    partner.get("/coupons").is(200);
    assertThat(Home.read(log)).hasSize((int) length);
    home.coupons("restart", "api-edge").succeeds();
    home.up();
  }
}
