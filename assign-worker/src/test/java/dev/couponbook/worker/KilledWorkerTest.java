package dev.couponbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.Command;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.DatabaseGate;
import dev.couponbook.testing.Effort;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker in a process of its own, killed with SIGKILL at each point of a command's way; the next
 * worker goes on. The points are found from outside, at the gates to its queue and its database, so
 * the program is the one that ships. {@link Effort} says how often.
 */
@Tag("slow")
class KilledWorkerTest {
  private static final int VISIBILITY = 2;
  private static final String ANN = "ann@x";

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private final Queues queues = new Queues();

  @AfterEach
  void stopQueues() {
    queues.close();
    Queues.use(0).keySet().forEach(System::clearProperty);
  }

  private enum Point {
    RECEIVED,
    IN_TRANSACTION,
    COMMITTED,
    BEFORE_DELETE,
    IN_DELETE;

    CompletableFuture<Void> of(DatabaseGate gate, QueueGate queue) {
      return switch (this) {
        case RECEIVED -> gate.stopBefore("SELECT request_id\nFROM command_outcome");
        case IN_TRANSACTION -> gate.stopBefore("INSERT INTO command_outcome");
        case COMMITTED -> gate.stopBehindCommit();
        case BEFORE_DELETE -> queue.stopBeforeDelete();
        case IN_DELETE -> queue.stopBehindDelete();
      };
    }

    boolean isBehindCommit() {
      return compareTo(COMMITTED) >= 0;
    }
  }

  private enum Kind {
    CREATE_BOOK,
    CHANGE_BOOK,
    CLOSE_BOOK,
    ADD_CODES,
    ASSIGN_ANY,
    ASSIGN_CODE,
    LOCK,
    UNLOCK,
    REDEEM,
    REVERSE,
    VOID,
    UNASSIGN;

    private boolean ofBook() {
      return this == CHANGE_BOOK || this == CLOSE_BOOK;
    }
  }

  private record Round(Point point, Kind kind) {}

  private static List<Round> rounds() {
    var rounds = new ArrayList<Round>();
    for (var point : Point.values()) {
      for (var kind : Kind.values()) {
        rounds.add(new Round(point, kind));
      }
    }
    return Effort.of(
        List.of(
            new Round(Point.COMMITTED, Kind.REDEEM), new Round(Point.IN_TRANSACTION, Kind.LOCK)),
        everyFifth(rounds),
        rounds);
  }

  // As many rounds as there are kinds; they cover each point and each kind.
  private static List<Round> everyFifth(List<Round> rounds) {
    return IntStream.range(0, rounds.size() / 5).mapToObj(i -> rounds.get(i * 5)).toList();
  }

  @Test
  void a_command_whose_worker_is_killed_has_its_effect_once() throws Exception {
    for (var round : rounds()) {
      play(round);
      System.out.printf("killed: %s of %s%n", round.point(), round.kind());
    }
  }

  private void play(Round round) throws Exception {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual().maxCodes(2).maxRedeems(2));
    var message = Asks.message(book.partner(), command(round.kind(), book));
    var queue = round.point() + "-" + round.kind();
    queues.create(queue, VISIBILITY, 5);
    queues.send(queue, List.of(message));
    long eventsBefore = events();
    try (var gate = new DatabaseGate(database.port());
        var queueGate = new QueueGate(queues.port(), QueueGate.Faults.NONE, 0)) {
      var reached = round.point().of(gate, queueGate);
      var worker = start(queue, gate, queueGate);
      try {
        reached.get(60, TimeUnit.SECONDS);
      } finally {
        worker.destroyForcibly().waitFor();
      }
    }
    long answersAtDeath = answers(message.requestId().value());
    assertThat(answersAtDeath).as("%s", round).isEqualTo(round.point().isBehindCommit() ? 1 : 0);
    Queues.use(queues.port()).forEach(System::setProperty);
    try (var _ = Worker.start(settings(queue, database.url()))) {
      // Polls of killed workers have received it as well, perhaps until it was a dead letter.
      await("no message, and no dead letter")
          .atMost(Duration.ofSeconds(60))
          .until(() -> queues.waiting(queue) + queues.waiting(queue + "-dead") == 0);
    }
    assertThat(new Asks(database).answer(message).status()).as("%s", round).isLessThan(300);
    assertThat(database.number("SELECT version FROM coupon_book WHERE id = ?", book.number()))
        .as("%s", round)
        .isEqualTo(round.kind().ofBook() ? 2 : 1);
    assertThat(events() - eventsBefore).as("changes by %s", round).isLessThanOrEqualTo(1);
  }

  private long events() {
    return database.number("SELECT count(*) FROM coupon_audit");
  }

  private long answers(Object request) {
    return database.number("SELECT count(*) FROM command_outcome WHERE request_id = ?", request);
  }

  private Command command(Kind kind, BookRow book) {
    var rows = database.rows();
    var id = new BookId(book.id());
    var ann = new Email(ANN);
    return switch (kind) {
      case CREATE_BOOK -> new CreateBook("Spring", new BookTerms(0, 1, null, null, 600), null);
      case CHANGE_BOOK -> new ChangeBook(id, null, "Summer", 3, null, null, null, null, null, null);
      case CLOSE_BOOK -> new SetBookState(id, BookState.CLOSED, null);
      case ADD_CODES ->
          new AddCodes(
              id,
              null,
              List.of(new AddCodes.ManualCode(new CouponCode("NEW-" + book.number()), null)));
      case ASSIGN_ANY -> {
        rows.free(book, 3);
        yield new AssignAny(id, ann);
      }
      case ASSIGN_CODE -> new AssignCode(id, new CouponCode(rows.free(book)), ann);
      case LOCK -> new LockCode(new CouponCode(rows.assigned(book, ANN)), ann, null);
      case UNLOCK -> new UnlockCode(new CouponCode(rows.locked(book, ANN)), ann, null);
      case REDEEM -> new RedeemCode(new CouponCode(rows.locked(book, ANN)), ann, null);
      case UNASSIGN ->
          new UnassignCode(new CouponCode(rows.assigned(book, ANN)), ann, "wrong user", true);
      case VOID -> new VoidCode(new CouponCode(rows.locked(book, ANN)), id, null, true, false);
      case REVERSE ->
          new ReverseRedemption(
              new RedemptionId(rows.redeem(book, rows.assigned(book, ANN), ANN)), null);
    };
  }

  private Map<String, String> settings(String queue, String url) {
    return Map.of(
        "COUPON_DB_URL",
        url,
        "COUPON_DB_PASSWORD",
        database.password(),
        "COUPON_QUEUE_COMMANDS",
        queue,
        "COUPON_QUEUE_COMMANDS_DEAD",
        queue + "-dead");
  }

  private Process start(String queue, DatabaseGate gate, QueueGate queueGate) throws IOException {
    var java = ProcessHandle.current().info().command().orElse("java");
    var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    Queues.use(queueGate.port()).forEach((name, value) -> command.add("-D" + name + "=" + value));
    Stream.of("-cp", System.getProperty("java.class.path"), Worker.class.getName())
        .forEach(command::add);
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.redirectOutput(folder.resolve(queue + ".log").toFile());
    process.environment().putAll(settings(queue, gate.url(database.url())));
    return process.start();
  }
}
