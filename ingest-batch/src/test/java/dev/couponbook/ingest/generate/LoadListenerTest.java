package dev.couponbook.ingest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.ingest.Acknowledged;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.queue.DeadLetters.Verdict;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewLoad;
import dev.couponbook.testing.TestDatabase;
import io.awspring.cloud.sqs.listener.Visibility;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands about whole loads, and their answers. */
class LoadListenerTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final AtomicInteger newLoads = new AtomicInteger();
  private final Acknowledged acknowledged = new Acknowledged();
  private final Visibility visibility = _ -> CompletableFuture.allOf();
  private final Heartbeat heartbeat = new Heartbeat(new LoadMeters(new SimpleMeterRegistry()));
  private Loads loads;
  private LoadListener listener;

  @BeforeEach
  void listen() {
    loads = new Loads(database);
    listener = new LoadListener(loads.transactions(), heartbeat, newLoads::incrementAndGet);
  }

  @AfterEach
  void close() {
    heartbeat.close();
  }

  private String answer(CommandMessage message) {
    listener.take(CommandCodec.encode(message), visibility, acknowledged);
    return outcome(message);
  }

  private String outcome(CommandMessage message) {
    return database.number(
                "SELECT count(*) FROM command_outcome WHERE request_id = ?",
                message.requestId().value())
            == 0
        ? "none"
        : database.text(
            "SELECT status || ' ' || body::text FROM command_outcome WHERE request_id = ?",
            message.requestId().value());
  }

  private CodeLoad lastLoad() {
    return loads
        .transactions()
        .inTransaction(
            c -> CodeLoads.byId(c, (int) database.number("SELECT max(id) FROM code_load")));
  }

  @Test
  void generation_begins_and_is_answered_by_its_job_only() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of()));
    assertThat(answer(message)).isEqualTo("none");
    assertThat(answer(message)).isEqualTo("none");
    assertThat(database.number("SELECT count(*) FROM code_load")).isEqualTo(1);
    assertThat(acknowledged.times()).isEqualTo(2);
    assertThat(newLoads).hasPositiveValue();
  }

  @Test
  void key_of_a_generation_that_ended_long_ago_is_answered_too() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of()));
    assertThat(answer(message)).isEqualTo("none");
    var load = lastLoad();
    loads
        .transactions()
        .inTransaction(
            c -> CodeLoads.finish(c, load.id(), CodeLoad.State.COMPLETED, null, null, null));
    assertThat(answer(message)).startsWith("409 ").contains("idempotency_key_expired");
  }

  @Test
  void refused_generation_is_answered_at_once_and_once() {
    var message = loads.message(loads.add(20_000, "{9:4}", List.of()));
    assertThat(answer(message)).startsWith("400 ");
    assertThat(answer(message)).startsWith("400 ");
    assertThat(acknowledged.times()).isEqualTo(2);
    assertThat(newLoads).hasValue(0);
  }

  @Test
  void cancel_is_asked_of_a_running_load_and_comes_too_late_for_a_finished_one() {
    var running = loads.createWithPart(Loads.file(10));
    assertThat(answer(loads.message(new CancelLoad(running.publicId(), null))))
        .isEqualTo("200 {\"success\":true}");
    assertThat(loads.current(running).cancelRequested()).isTrue();
    database.rows().free(loads.book());
    var finished = lastLoad();
    assertThat(answer(loads.message(new CancelLoad(finished.publicId(), null)))).startsWith("409 ");
    assertThat(answer(loads.message(new CancelLoad(new LoadId(UUID.randomUUID()), null))))
        .startsWith("404 ");
  }

  @Test
  void upload_that_is_cancelled_before_its_file_arrives_is_never_loaded() {
    var awaited = new LoadId(UUID.randomUUID());
    var book = new BookId(loads.book().id());
    assertThat(answer(loads.message(new UndoLoad(awaited, book)))).startsWith("409 ");
    assertThat(answer(loads.message(new CancelLoad(awaited, book))))
        .isEqualTo("200 {\"success\":true}");
    var late = NewLoad.ofFile(awaited, loads.partner(), loads.book().number(), Loads.file(10));
    OptionalInt created = loads.transactions().inTransaction(c -> CodeLoads.create(c, late));
    assertThat(created).as("its file arrives").isEmpty();
    var load = loads.transactions().inTransaction(c -> CodeLoads.find(c, loads.partner(), awaited));
    assertThat(load.orElseThrow().state()).isEqualTo(State.CANCELLED);
    assertThat(answer(loads.message(new CancelLoad(awaited, book)))).startsWith("409 ");
    var theirs = new Loads(database);
    assertThat(answer(theirs.message(new CancelLoad(new LoadId(UUID.randomUUID()), book))))
        .as("a book of another partner")
        .startsWith("404 ");
    assertThat(newLoads).hasValue(0);
  }

  @Test
  void undo_takes_back_what_nobody_has_and_says_what_it_left() {
    database.rows().free(loads.book(), 30);
    var load = lastLoad();
    database.number(
        """
        WITH given AS (
          UPDATE coupon SET state = 'assigned', holder = 'ann@x', assigned_at = coupon_clock()
          WHERE code IN (SELECT code FROM coupon LIMIT 2)
          RETURNING 1),
        held AS (
          INSERT INTO coupon_holder (book_id, holder, held) VALUES (?, 'ann@x', 2)),
        counted AS (
          INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned) VALUES (?, ?, -2, 2))
        SELECT count(*) FROM given
        """,
        loads.book().number(),
        loads.book().partner(),
        loads.book().number());
    assertThat(answer(loads.message(new UndoLoad(load.publicId(), null))))
        .isEqualTo(
            "200 {\"success\":true,\"removed\":28,\"kept\":2,\"keptBecause\":{\"assigned\":2,\"void\":0,\"voided\":0}}");
    assertThat(loads.current(load).state()).isEqualTo(State.UNDONE);
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(2);
  }

  @Test
  void undo_needs_a_finished_load_of_the_partner() {
    var running = loads.createWithPart(Loads.file(10));
    assertThat(answer(loads.message(new UndoLoad(running.publicId(), null)))).startsWith("409 ");
    assertThat(answer(loads.message(new UndoLoad(new LoadId(UUID.randomUUID()), null))))
        .startsWith("404 ");
    var theirs = new Loads(database);
    assertThat(answer(theirs.message(new UndoLoad(running.publicId(), null)))).startsWith("404 ");
  }

  @Test
  void what_is_not_a_command_is_not_acknowledged() {
    assertThatThrownBy(() -> listener.take("hello", visibility, acknowledged))
        .isInstanceOf(UndecodableMessageException.class);
    assertThat(acknowledged.times()).isZero();
  }

  /** The queues of the program are there, whatever is in them; the letters are given by hand. */
  @Test
  void dead_letter_is_answered_and_kept_unless_its_work_is_done() {
    var dead = new ParkDeadLoads(cloud.sqs(), cloud.settings(), loads.transactions());
    var lost = loads.message(loads.add(2_000, "{#:8}", List.of()));
    assertThat(dead.judge(CommandCodec.encode(lost))).isEqualTo(Verdict.KEPT);
    assertThat(outcome(lost)).startsWith("500 ").contains("internal_error");
    assertThat(dead.judge(CommandCodec.encode(lost))).as("parked").isEqualTo(Verdict.KEPT);
    var begun = loads.message(loads.add(2_000, "{#:8}", List.of()));
    answer(begun);
    assertThat(dead.judge(CommandCodec.encode(begun))).isEqualTo(Verdict.DONE);
    assertThat(outcome(begun)).as("its job answers").isEqualTo("none");
    var answered = loads.message(new CancelLoad(new LoadId(UUID.randomUUID()), null));
    answer(answered);
    assertThat(dead.judge(CommandCodec.encode(answered))).isEqualTo(Verdict.DONE);
    answer(lost);
    assertThat(dead.judge(CommandCodec.encode(lost)))
        .as("sent back: its job replaces the answer")
        .isEqualTo(Verdict.DONE);
    assertThatThrownBy(() -> dead.judge("hello")).isInstanceOf(UndecodableMessageException.class);
  }
}
