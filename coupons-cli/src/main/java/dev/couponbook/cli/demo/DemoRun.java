package dev.couponbook.cli.demo;

import static dev.couponbook.cli.terminal.Ledger.check;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.edge.EdgeClient.Reply;
import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.home.Program;
import dev.couponbook.cli.home.StartPrograms;
import dev.couponbook.cli.load.UploadFile;
import dev.couponbook.cli.load.UploadFile.Wishes;
import dev.couponbook.cli.terminal.Ledger;
import dev.couponbook.cli.terminal.Ledger.Result;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.coupon.BookId;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadLocks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * The demo's steps, in their order. What takes long by nature, a lock's end and the queue's
 * redelivery, begins early and is checked late.
 */
final class DemoRun {
  private static final int GENERATED = 100_000;
  private static final int ASSIGNS = 2_000;
  private static final int KILL_AFTER = 700;

  /** As many concurrent requests as a small shop has. */
  private static final int AT_ONCE = 32;

  private static final Duration SHORT_LOCK = Duration.ofSeconds(2);

  /** The schedule is a minute; a sweep itself takes a moment. */
  private static final Duration SWEEP_LIMIT = Duration.ofSeconds(90);

  /** What the killed worker had taken comes back after the queue's visibility of 60 s. */
  private static final Duration REDELIVERY_LIMIT = Duration.ofSeconds(150);

  private static final String ALREADY_ASSIGNED = "Code already assigned";
  private static final String MAX_CODES =
      "User already has maximum number of assigned codes in the book.";
  private static final String MAX_REDEEMS = "Coupon has reached its maximum redeem count per user";

  private final Home home;
  private final EdgeClient edge;
  private final Ledger ledger;
  private final Path csv;

  /** New for each run: codes are unique per partner, and kept data has those of the last run. */
  private final String run = DemoFile.inAlphabet(Instant.now().getEpochSecond(), 6);

  private final DemoFile file;

  private String book = "";
  private String quickBook = "";
  private String alice = "";
  private String bob = "";
  private String uploadId = "";
  private Instant quickLocksEnd = Instant.MAX;
  private List<String> assignRequests = List.of();
  private long assigned;

  DemoRun(Home home, EdgeClient edge, Ledger ledger, Path csv, int rows) {
    this.home = home;
    this.edge = edge;
    this.ledger = ledger;
    this.csv = csv;
    this.file = new DemoFile(rows, run);
  }

  void run() {
    ledger.step("write a CSV file with known bad and duplicate rows", this::writeFile);
    ledger.step("create two books", this::createBooks);
    ledger.step("a short lock ends: the code is open at once", this::letShortLockEnd);
    ledger.step("generate codes by pattern", this::generate);
    ledger.step("send assigns, kill -9 the worker in the middle", this::assignAndKill);
    ledger.step("upload the file by presigned URL (KiB)", this::upload);
    ledger.step("import the file", this::followImport);
    ledger.step("fetch the rejected rows as CSV", this::fetchRejects);
    ledger.step("assign a random code", this::assignRandom);
    ledger.step("assign a code of choice", this::assignChosen);
    ledger.step("refuse a code that is assigned already", this::refuseAssigned);
    ledger.step("refuse the code over the user's limit", this::refuseOverLimit);
    ledger.step("lock a code", this::lock);
    ledger.step("refuse the second lock", this::refuseSecondLock);
    ledger.step("redeem it", this::redeem);
    ledger.step("refuse the redeem over the limit", this::refuseSecondRedeem);
    ledger.step("list the user's codes", this::listCodes);
    ledger.step("the scheduled sweep frees the expired locks", this::awaitSweep);
    ledger.step("every assign ended, no code went out twice", this::collectAssigns);
    ledger.step("the book's counts add up", this::compareCounts);
    ledger.step("the invariants hold in the whole database", () -> OpsDatabase.judge(home));
  }

  private Result writeFile() throws Exception {
    file.write(csv);
    return Result.of(
        file.rows(),
        "%,d good, %,d bad, %,d duplicate, %,d KiB"
            .formatted(file.accepted(), file.bad(), file.duplicate(), Files.size(csv) >> 10));
  }

  private Result createBooks() {
    book =
        created(
            Map.of("bookName", "Demo " + run, "maxCodesPerUser", 2, "maxRedeemCountPerUser", 1));
    quickBook =
        created(Map.of("bookName", "Quick locks " + run, "lockSeconds", SHORT_LOCK.toSeconds()));
    return Result.of(2, "of codes: " + book + ", of quick locks: " + quickBook);
  }

  private String created(Map<String, ?> terms) {
    return expect(201, "", edge.command("/coupons", terms)).text("bookId");
  }

  private Result letShortLockEnd() {
    var email = user("hasty");
    var relocked = "Q" + run + "A";
    var left = "Q" + run + "B";
    expect(
        201,
        "",
        edge.command(
            "/coupons/codes",
            Map.of(
                "bookId",
                quickBook,
                "manual",
                List.of(Map.of("code", relocked), Map.of("code", left)))));
    for (var code : List.of(relocked, left)) {
      expect(200, "", assign("/" + code, quickBook, email));
    }
    lock(left, email);
    var until = Instant.parse(lock(relocked, email).text("lockedUntil"));
    expect(400, "Cannot lock coupon", tryLock(relocked, email));
    Pause.millis(Math.max(0, Duration.between(Instant.now(), until).toMillis()) + 20);
    long pastEnd = Duration.between(until, Instant.now()).toMillis();
    quickLocksEnd = Instant.parse(lock(relocked, email).text("lockedUntil"));
    return Result.of(1, "locked again " + pastEnd + " ms after its end; refused before");
  }

  private Result generate() {
    var reply =
        edge.command(
            "/coupons/codes",
            Map.of(
                "bookId",
                book,
                "generated",
                Map.of("amount", GENERATED, "pattern", "G" + run + "-######")),
            Duration.ofMinutes(2));
    expect(201, "", reply);
    long made = reply.body().path("generated").asLong(0);
    check(made == GENERATED, "asked for " + GENERATED + " codes, got " + reply);
    return Result.of(made, "pattern G" + run + "-######");
  }

  private Result assignAndKill() throws Exception {
    var worker =
        home.process(Program.ASSIGN_WORKER)
            .orElseThrow(() -> new IllegalStateException("the worker is not running"));
    var places = new Semaphore(AT_ONCE);
    var requests = new ArrayList<Future<String>>();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ASSIGNS; i++) {
        var body = Map.of("bookId", book, "email", user("shopper" + i));
        places.acquire();
        requests.add(
            senders.submit(() -> {
              try {
                return edge.submit("/coupons/assign", body);
              } finally {
                places.release();
              }
            }));
        if (i == KILL_AFTER) {
          worker.destroyForcibly();
        }
      }
    }
    var restarted =
        new StartPrograms(home.directory(), home.file().terms(), line -> {})
            .start()
            .process(Program.ASSIGN_WORKER)
            .orElseThrow();
    var ids = new ArrayList<String>();
    for (var request : requests) {
      ids.add(request.get());
    }
    assignRequests = ids;
    return Result.of(
        ids.size(),
        "worker " + worker.pid() + " killed after " + KILL_AFTER + ", now " + restarted.pid());
  }

  private Result upload() throws Exception {
    uploadId = new UploadFile(edge).put(csv, book, Wishes.NONE);
    return Result.of(Files.size(csv) >> 10, "upload " + uploadId);
  }

  private Result followImport() {
    var load = new UploadFile(edge).follow(uploadId, Duration.ofMinutes(5));
    var rows = load.progress().rows();
    check(load.progress().state() == LoadState.COMPLETED_WITH_REJECTS, "ended as " + load.line());
    check(
        rows.read() == file.rows()
            && rows.accepted() == file.accepted()
            && rows.duplicate() == file.duplicate()
            && rows.rejected() == file.bad(),
        "expected %,d read, %,d accepted, %,d duplicate, %,d rejected; got %s"
            .formatted(file.rows(), file.accepted(), file.duplicate(), file.bad(), load.line()));
    return Result.of(
        rows.read(),
        "%,d accepted, %,d duplicate, %,d rejected; the job's own rate %,d rows/s"
            .formatted(
                rows.accepted(),
                rows.duplicate(),
                rows.rejected(),
                load.progress().rowsPerSecond()));
  }

  private Result fetchRejects() {
    var link = edge.get("/coupons/codes/uploads/" + uploadId).body().path("links").path("rejects");
    var lines = edge.download(link.asString("")).lines().toList();
    check(
        lines.size() == file.bad() + 1,
        "expected a header and %,d rows, got %,d lines".formatted(file.bad(), lines.size()));
    return Result.of(lines.size() - 1, "header: " + lines.getFirst());
  }

  private Result assignRandom() {
    alice = expect(200, "", assign("", book, user("alice"))).text("code");
    assigned++;
    return Result.of(1, alice);
  }

  private Result assignChosen() {
    int row = 0;
    var reply = assign("/" + file.code(row), book, user("bob"));
    // An assign that comes back from the killed worker may have drawn this very code by chance.
    while (reply.error().equals(ALREADY_ASSIGNED) && row < 5) {
      row++;
      reply = assign("/" + file.code(row), book, user("bob"));
    }
    bob = expect(200, "", reply).text("code");
    assigned++;
    return Result.of(1, bob);
  }

  private Result refuseAssigned() {
    var reply = assign("/" + bob, book, user("carol"));
    return Result.of(1, expect(400, ALREADY_ASSIGNED, reply).error());
  }

  private Result refuseOverLimit() {
    expect(200, "", assign("", book, user("alice")));
    assigned++;
    var reply = assign("", book, user("alice"));
    return Result.of(1, expect(400, MAX_CODES, reply).error());
  }

  private Result lock() {
    return Result.of(1, "until " + lock(alice, user("alice")).text("lockedUntil"));
  }

  private Result refuseSecondLock() {
    var reply = tryLock(alice, user("alice"));
    return Result.of(1, expect(400, "Cannot lock coupon", reply).error());
  }

  private Result redeem() {
    var reply = expect(200, "", tryRedeem());
    return Result.of(1, "redemption " + reply.text("redemptionId"));
  }

  private Result refuseSecondRedeem() {
    return Result.of(1, expect(400, MAX_REDEEMS, tryRedeem()).error());
  }

  private Result listCodes() {
    var reply = expect(200, "", edge.get("/coupons/" + book + "?email=" + user("alice")));
    var codes = reply.body().path("codes");
    check(codes.size() == 2, "expected two codes, got " + reply);
    long redeemed = 0;
    for (var code : codes) {
      redeemed += code.path("redeemedCount").asLong(0);
    }
    check(redeemed == 1, "expected one redeemed code, got " + reply);
    return Result.of(codes.size(), "one of them redeemed");
  }

  private Result awaitSweep() {
    var deadline = Instant.now().plus(SWEEP_LIMIT);
    while (locksLeft() > 0) {
      check(
          Instant.now().isBefore(deadline),
          locksLeft() + " expired locks are still there after " + SWEEP_LIMIT.toSeconds() + " s");
      Pause.millis(200);
    }
    return Result.of(
        2,
        "gone at the latest %d s after their end"
            .formatted(Duration.between(quickLocksEnd, Instant.now()).toSeconds()));
  }

  private long locksLeft() {
    return OpsDatabase.ask(home, connection -> ReadLocks.rows(connection, BookId.parse(quickBook)));
  }

  private Result collectAssigns() {
    var codes = new HashSet<String>();
    var deadline = Instant.now().plus(REDELIVERY_LIMIT);
    for (var id : assignRequests) {
      var left = Duration.between(Instant.now(), deadline);
      var reply = expect(200, "", edge.outcome(id, left));
      check(codes.add(reply.text("code")), "a code was assigned twice");
    }
    check(codes.size() == ASSIGNS, "only " + codes.size() + " of " + ASSIGNS + " were sent");
    assigned += codes.size();
    return Result.total(
        codes.size(),
        "different codes, one each; what the killed worker held came again after its visibility");
  }

  private Result compareCounts() {
    var reply = expect(200, "", edge.get("/coupons/" + book));
    var counts = reply.body().has("counts") ? reply.body().path("counts") : reply.body();
    long total = file.accepted() + GENERATED;
    check(
        counts.path("total").asLong(-1) == total
            && counts.path("assigned").asLong(-1) == assigned
            && counts.path("free").asLong(-1) == total - assigned
            && counts.path("redeemed").asLong(-1) == 1,
        "expected %d codes, %d assigned, 1 redeemed; got %s".formatted(total, assigned, reply));
    return Result.total(
        total, "%,d free, %,d assigned, 1 redeemed".formatted(total - assigned, assigned));
  }

  private Reply assign(String code, String bookId, String email) {
    return edge.command("/coupons/assign" + code, Map.of("bookId", bookId, "email", email));
  }

  private Reply lock(String code, String email) {
    return expect(200, "", tryLock(code, email));
  }

  private Reply tryLock(String code, String email) {
    return edge.command("/coupons/lock/" + code, Map.of("email", email));
  }

  private Reply tryRedeem() {
    return edge.command("/coupons/redeem/" + alice, Map.of("email", user("alice")));
  }

  private String user(String name) {
    return name + "." + run.toLowerCase(Locale.ROOT) + "@example.com";
  }

  /**
   * @param error the sentence that a refusal must have; empty for none
   */
  private static Reply expect(int status, String error, Reply reply) {
    check(
        reply.status() == status && (error.isEmpty() || reply.error().equals(error)),
        "expected " + (status + " " + error).strip() + ", got " + reply);
    return reply;
  }
}
