package dev.couponbook.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.Ran;
import dev.couponbook.cli.testing.TestHome;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.LeadLocks;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.LoadRow;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobsTest {
  @RegisterExtension final TestHome home = new TestHome();

  private BookRow book;

  @BeforeEach
  void addBook() {
    book = home.rows().book(home.rows().partner("acme"));
  }

  private LoadRow load(String state, int percent) {
    return home.rows().load(book, state, percent);
  }

  /** Runs a command while orders are carried out, as an ingest process would. */
  private Ran runBesideIngest(String... words) {
    var ended = new AtomicBoolean();
    var ingest = CompletableFuture.runAsync(() -> carryOutOrders(ended));
    try {
      return home.run(words);
    } finally {
      ended.set(true);
      ingest.join();
    }
  }

  private void carryOutOrders(AtomicBoolean ended) {
    var ingest = new Transactions(home.database().as("coupon_ingest"));
    while (!ended.get()) {
      ingest.<Boolean>inTransaction(c -> {
        var order = LoadOrders.next(c);
        if (order.isPresent()) {
          LoadOrders.carryOut(c, order.get());
        }
        return order.isPresent();
      });
    }
  }

  private String state(LoadRow load) {
    return home.run("jobs", "show", load.id().toString(), "--json").json().path("state").asString();
  }

  @Test
  void list_shows_the_latest_jobs_of_all_partners() {
    load("completed", 100);
    var second = load("running", 25);
    var third = home.rows().load(home.rows().book(home.rows().partner("other")), "queued", 0);

    var ran = home.run("jobs", "list", "-n", "2");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.DONE);
    var lines = ran.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith(third.id() + "  20").endsWith("queued");
    assertThat(lines.get(2)).startsWith(second.id() + "  20").endsWith("running 25 %, unattended");
    assertThat(lines.get(3))
        .startsWith("  250 read, 50 rejected  codes.csv into ")
        .endsWith(" (acme)");
  }

  @Test
  void list_keeps_within_eighty_columns_whatever_partners_call_their_files() throws Exception {
    for (var state : List.of("completed_with_rejects", "running", "failed")) {
      load(state, 99);
    }
    try (var owner = home.database().owner().getConnection();
        var rename = owner.prepareStatement("UPDATE code_load SET file_name = ?")) {
      rename.setString(1, "very long name \u001b[2J ".repeat(9));
      rename.executeUpdate();
    }
    var out = home.run("jobs", "list").out();
    assertThat(out.lines()).hasSize(6).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(out).contains("completed_with_rejects", "\u2026").doesNotContain("\u001b");
  }

  @Test
  void a_job_that_nobody_works_on_says_so_and_claims_no_end() throws Exception {
    var load = load("running", 25);
    var id = load.id().toString();
    assertThat(home.run("jobs", "show", id).out())
        .contains("no ingest process works on it at the moment")
        .doesNotContain("ends in");
    assertThat(home.run("jobs", "show", id, "--json").json().has("estimatedEnd")).isFalse();
    try (var leader = home.database().as("coupon_ingest").getConnection()) {
      assertThat(LeadLocks.tryTake(leader, load.number())).isTrue();
      assertThat(home.run("jobs", "show", id).out())
          .contains("ends in")
          .doesNotContain("no ingest process");
    }
  }

  @Test
  void a_stop_that_was_ordered_is_told_as_one_and_not_as_a_failure() {
    var load = load("running", 25);
    var id = load.id().toString();
    runBesideIngest("jobs", "stop", id, "--why", "maintenance", "--who", "olga");
    home.rows()
        .failedExecution(
            load,
            "org.springframework.batch.core.step.StepException: no\n"
                + "Caused by: dev.couponbook.ingest.part.LoadHeldException: load 1 was stopped");
    home.rows()
        .failedExecution(
            load, "org.springframework.batch.core.job.JobExecutionException: unsuccessful step");
    var shown = home.run("jobs", "show", id).out();
    assertThat(shown)
        .contains("state      stopped by order, 250 read")
        .contains("stopped    by order of olga: maintenance")
        .contains("0 done, 1 begun, 0 not begun")
        .doesNotContain("Exception", "failed by", "waiting");
  }

  @Test
  void list_for_scripts_has_the_members_that_scripts_read() {
    var load = load("running", 25);
    var job = home.run("jobs", "list", "--json").json().path("jobs").path(0);
    assertThat(job.path("led").asBoolean()).isFalse();
    assertThat(job.path("book").isString()).isTrue();
    assertThat(job.path("id").asString()).isEqualTo(load.id().toString());
    assertThat(job.path("partner").asString()).isEqualTo("acme");
    assertThat(job.path("fileName").asString()).isEqualTo("codes.csv");
    assertThat(job.path("state").asString()).isEqualTo("running");
    assertThat(job.path("percent").asDouble()).isEqualTo(25);
    assertThat(job.at("/rows/duplicate").asLong()).isEqualTo(200);
  }

  @Test
  void show_tells_parts_straggler_orders_and_the_last_failure() {
    var load = load("running", 25);
    home.rows().failedExecution(load, "ERROR: no space left\n  Hint: none");
    runBesideIngest("jobs", "restart", load.id().toString(), "--why", "a try", "--who", "olga");

    var text = home.run("jobs", "show", load.id().toString()).out();
    assertThat(text)
        .contains("partner    acme", "executions 1", "state      running, 250 read")
        .contains("parts      1: 0 done, 1 begun, 0 waiting")
        .contains("failed by  ERROR: no space left (the last time)")
        .contains("straggler  part 0: 25.0 %, 250 rows read")
        .containsPattern("order      .*restart.*olga.*a try");

    var json = home.run("jobs", "show", load.id().toString(), "--json").json();
    assertThat(json.path("straggler").asInt()).isZero();
    assertThat(json.path("lastFailure").asString()).isEqualTo("ERROR: no space left");
    assertThat(json.at("/parts/0/position").asInt()).isEqualTo(250);
    assertThat(json.at("/orders/0/done").asBoolean()).isTrue();
    assertThat(json.at("/orders/0/refusal").asString()).contains("neither stopped");
  }

  @Test
  void show_tells_what_was_understood_of_the_file_and_what_looks_wrong_in_it() {
    var load = load("completed", 100);
    home.rows().layout(load, "Gutschein;Bis;note", 0, 1);
    home.rows().warning(load, "empty_word", 3, "NULL");
    var shown = home.run("jobs", "show", load.id().toString());
    assertThat(shown.out())
        .contains(
            "file       read as header, delimiter ;, code in Gutschein, expiration in Bis, passed over: note",
            "file       warning: 3 x empty_word (NULL). Codes are words for nothing");
    var json = home.run("jobs", "show", load.id().toString(), "--json").json();
    assertThat(json.at("/understood/codeColumn").asString()).isEqualTo("Gutschein");
    assertThat(json.at("/warnings/0/rows").asInt()).isEqualTo(3);
  }

  @Test
  void a_finished_job_has_no_straggler() {
    var load = load("cancelled", 25);
    assertThat(home.run("jobs", "show", load.id().toString()).out()).doesNotContain("straggler");
  }

  @Test
  void an_id_is_taken_with_the_tag_that_the_api_puts_behind_it() {
    var load = load("completed", 100);
    assertThat(home.run("jobs", "show", load.id() + "-Zm9v").exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void an_unknown_job_is_refused_and_a_wrong_id_is_a_usage_error() {
    for (var command : List.of("show", "watch", "rejects")) {
      var unknown = home.run("jobs", command, UUID.randomUUID().toString());
      assertThat(unknown.exitCode()).as(command).isEqualTo(ExitCode.REFUSED);
      assertThat(unknown.err()).hasLineCount(1).contains("./coupons jobs list");
      var wrong = home.run("jobs", command, "seven");
      assertThat(wrong.exitCode()).as(command).isEqualTo(ExitCode.USAGE);
      assertThat(wrong.err()).hasLineCount(1).contains("'seven'");
    }
  }

  @Test
  void watch_ends_with_the_exit_code_of_the_job() {
    Map.of(
            "completed", ExitCode.DONE,
            "completed_with_rejects", ExitCode.DONE_WITH_REJECTS,
            "failed", ExitCode.FAILED,
            "cancelled", ExitCode.STOPPED)
        .forEach((state, exitCode) -> {
          var ran = home.run("jobs", "watch", load(state, 100).id().toString());
          assertThat(ran.exitCode()).as(state).isEqualTo(exitCode);
          assertThat(ran.out()).startsWith(state + ", 1,000 read");
        });
  }

  @Test
  void watch_gives_up_at_its_timeout_and_leaves_the_job_alone() {
    var load = load("running", 25);
    var ran = home.run("jobs", "watch", load.id().toString(), "--timeout", "0s");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.WAIT_TIMED_OUT);
    assertThat(ran.err()).contains("still running after 0s");
    assertThat(state(load)).isEqualTo("running");
  }

  @Test
  void a_stopped_job_stays_where_it_is_until_it_is_restarted() {
    var load = load("running", 25);
    var id = load.id().toString();
    var stop = runBesideIngest("jobs", "stop", id, "--why", "maintenance", "--who", "olga");
    assertThat(stop.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(stop.out()).isEqualTo("stop: done\n");
    assertThat(home.run("jobs", "watch", id).exitCode()).isEqualTo(ExitCode.STOPPED);
    assertThat(home.run("jobs", "watch", id, "--json").json().path("percent").asDouble())
        .isEqualTo(25);

    var again = runBesideIngest("jobs", "stop", id, "--why", "maintenance");
    assertThat(again.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(again.err()).contains("Cannot stop this job: it is over, or stopped already.\n");

    var restart = runBesideIngest("jobs", "restart", id, "--why", "over", "--json");
    assertThat(restart.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(restart.out())
        .isEqualTo("{\"id\":\"%s\",\"action\":\"restart\",\"done\":true}\n".formatted(id));
    assertThat(state(load)).isEqualTo("running");
  }

  @Test
  void recover_begins_a_new_execution_and_abandon_gives_the_job_up() {
    var load = load("running", 25);
    var id = load.id().toString();
    runBesideIngest("jobs", "stop", id, "--why", "a test");
    assertThat(runBesideIngest("jobs", "recover", id, "--why", "a test").exitCode())
        .isEqualTo(ExitCode.DONE);
    assertThat(home.database().number("SELECT attempt FROM code_load")).isEqualTo(2);
    assertThat(state(load)).isEqualTo("running");

    assertThat(runBesideIngest("jobs", "abandon", id, "--why", "a test").exitCode())
        .isEqualTo(ExitCode.DONE);
    assertThat(home.run("jobs", "show", id, "--json").json().path("reason").asString())
        .contains("operators");
  }

  @Test
  void a_refused_order_says_so_to_scripts() {
    var load = load("completed", 100);
    var ran = runBesideIngest("jobs", "abandon", load.id().toString(), "--why", "late", "--json");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(ran.json().path("done").asBoolean()).isFalse();
    assertThat(ran.json().path("refusal").asString()).isEqualTo("it is over");
  }

  @Test
  void an_order_needs_a_reason_that_can_be_kept() {
    var id = load("running", 25).id().toString();
    assertThat(home.run("jobs", "stop", id).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(home.run("jobs", "stop", id, "--why", " ").exitCode()).isEqualTo(ExitCode.USAGE);
    var tooLong = home.run("jobs", "stop", id, "--why", "x".repeat(501));
    assertThat(tooLong.exitCode()).isEqualTo(ExitCode.USAGE);
    var who = home.run("jobs", "stop", id, "--why", "x", "--who", "x".repeat(101));
    assertThat(who.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(home.database().number("SELECT count(*) FROM load_order")).isZero();
  }

  @Test
  void rejects_are_counted_by_reason_and_shown_without_control_characters() {
    var load = load("completed_with_rejects", 25);
    home.rows().reject(load, 6, "bad_code", "not a\u001b[2Jcode");
    home.rows().reject(load, 1_233, "bad_code", "second");
    var ran = home.run("jobs", "rejects", load.id().toString(), "-n", "1");
    assertThat(ran)
        .isEqualTo(
            new Ran(
                ExitCode.DONE,
                """
                          50  bad_code
                line 7, byte 60, bad_code: not a\uFFFD[2Jcode
                """,
                ""));
    assertThat(home.run("jobs", "rejects", load.id().toString()).out())
        .contains("line 1,234, byte 12,330");
    var json = home.run("jobs", "rejects", load.id().toString(), "-n", "1", "--json").json();
    assertThat(json.at("/rejectsByReason/bad_code").asInt()).isEqualTo(50);
    assertThat(json.path("rows").size()).isEqualTo(1);
    assertThat(json.at("/rows/0/line").asLong()).isEqualTo(7);
    assertThat(json.at("/rows/0/reason").asString()).isEqualTo("bad_code");
    assertThat(json.at("/rows/0/row").asString()).isEqualTo("not a\u001b[2Jcode");
  }
}
