package dev.couponbook.ingest.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.ingest.GzipFile;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.part.PartSteps;
import dev.couponbook.ingest.upload.FilePlan;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.testing.TestDatabase;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;

/** What becomes of a part and of its message. */
class PartListenerTest {
  private static final int BLOCK_ROWS = 10;

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final LoadMeters meters = new LoadMeters(new SimpleMeterRegistry());
  private final Heartbeat heartbeat = new Heartbeat(meters);
  private final RunningSteps running = new RunningSteps();
  private final List<String> fates = new ArrayList<>();
  private BatchSlice batch;
  private Loads loads;
  private PartListener listener;

  @BeforeEach
  void listen() {
    batch = new BatchSlice(database);
    loads = new Loads(database);
    listener = listener(BLOCK_ROWS);
  }

  private PartListener listener(int blockRows) {
    var steps =
        new PartSteps(
            batch.jobs,
            batch.transactionManager,
            batch.dataSource,
            loads.transactions(),
            cloud.files(),
            meters,
            blockRows);
    return new PartListener(batch.jobs, loads.transactions(), steps, running, heartbeat, meters);
  }

  @AfterEach
  void close() {
    heartbeat.close();
  }

  private final Visibility visibility =
      seconds -> {
        fates.add("visible in " + seconds);
        return CompletableFuture.allOf();
      };

  private final Acknowledgement acknowledgement =
      new Acknowledgement() {
        @Override
        public void acknowledge() {
          fates.add("acknowledged");
        }

        @Override
        public CompletableFuture<Void> acknowledgeAsync() {
          acknowledge();
          return CompletableFuture.allOf();
        }
      };

  private void take(CodeLoad load, StepExecution step) throws Exception {
    take(new PartMessage(load.id(), 0, step.getId()).encode());
  }

  private void take(String body) throws Exception {
    listener.take(body, System.currentTimeMillis(), visibility, acknowledgement);
  }

  private CodeLoad uploaded(String file) {
    var bytes = file.getBytes(StandardCharsets.US_ASCII);
    var key = "uploads/%d/part.csv".formatted(loads.book().partner());
    var etag = cloud.put(key, Map.of(), bytes);
    return loads.createWithPart(
        new NewFile(null, key, etag, null, bytes.length, LoadOptions.USUAL));
  }

  private StepExecution step(CodeLoad load) throws Exception {
    return batch.splitter(load, 1).split(batch.manager(load), 1).iterator().next();
  }

  private StepExecution record(StepExecution step) {
    return requireNonNull(batch.jobs.getStepExecution(step.getId()));
  }

  private BatchStatus status(StepExecution step) {
    return record(step).getStatus();
  }

  @Test
  void part_of_a_file_becomes_codes_and_its_message_is_acknowledged() throws Exception {
    var load = uploaded(Loads.lines("P", 25) + "bad row\nP00000000\n");
    var step = step(load);
    take(load, step);
    assertThat(fates).containsExactly("acknowledged");
    assertThat(status(step)).isEqualTo(BatchStatus.COMPLETED);
    assertThat(loads.part(load, 0).isDone()).isTrue();
    assertThat(loads.part(load, 0).counts()).isEqualTo(new Counts(27, 25, 1, 1, 1, 0));
    assertThat(record(step).getCommitCount()).as("one chunk per block of ten rows").isEqualTo(3);
  }

  @Test
  void part_of_a_generation_becomes_codes() throws Exception {
    var load = loads.createGeneration(25, "G{9:6}");
    loads.addParts(load, new NewPart(0, 0, 25, 0));
    var step = step(load);
    take(load, step);
    assertThat(fates).containsExactly("acknowledged");
    assertThat(database.number("SELECT count(*) FROM coupon WHERE code ~ '^G[0-9]{6}$'"))
        .isEqualTo(25);
  }

  @Test
  void part_goes_on_after_its_last_commit() throws Exception {
    var load = uploaded(Loads.lines("P", 30));
    loads
        .transactions()
        .inTransaction(c -> {
          // As a process leaves it that was killed in its second chunk; the codes of the first one
          // would be there, and are not, so that it shows if they are read again.
          return LoadParts.advance(c, load.id(), 0, new Move(0, 100, 10, 100), Counts.NONE);
        });
    take(load, step(load));
    assertThat(database.text("SELECT min(code) || '-' || max(code) FROM coupon"))
        .isEqualTo("P00000010-P00000029");
    assertThat(loads.part(load, 0).lines()).isEqualTo(30);
  }

  private CodeLoad compressed(byte[] file) throws IOException {
    var key = "uploads/%d/part.csv".formatted(loads.book().partner());
    var etag = cloud.put(key, Map.of(), file);
    var load = loads.create(new NewFile(null, key, etag, null, file.length, LoadOptions.USUAL));
    new FilePlan(cloud.files(), loads.transactions(), meters, BLOCK_ROWS).make(load);
    return loads.current(load);
  }

  @Test
  void compressed_part_goes_on_at_its_position_in_the_text() throws Exception {
    var file = GzipFile.of(Loads.lines("Z", 30).getBytes(StandardCharsets.US_ASCII));
    var load = compressed(file);
    loads
        .transactions()
        .inTransaction(
            c -> LoadParts.advance(c, load.id(), 0, new Move(0, 100, 10, 1), Counts.NONE));
    take(load, step(load));
    assertThat(database.text("SELECT min(code) || '-' || max(code) FROM coupon"))
        .isEqualTo("Z00000010-Z00000029");
    assertThat(loads.part(load, 0).bytes()).as("bytes of the object").isEqualTo(file.length);
  }

  @Test
  void compressed_file_that_was_cut_off_keeps_its_chunks_and_dooms_its_load() throws Exception {
    var whole = GzipFile.of(Loads.lines("Z", 120_000).getBytes(StandardCharsets.US_ASCII));
    var load = compressed(Arrays.copyOf(whole, whole.length - 100));
    listener = listener(20_000);
    take(load, step(load));
    assertThat(fates).containsExactly("acknowledged");
    assertThat(loads.current(load).reason()).contains("ends too early");
    assertThat(loads.part(load, 0).counts().accepted()).isGreaterThanOrEqualTo(20_000);
  }

  @Test
  void same_message_once_more_is_acknowledged_without_work() throws Exception {
    var load = uploaded(Loads.lines("P", 5));
    var step = step(load);
    take(load, step);
    take(load, step);
    assertThat(fates).containsExactly("acknowledged", "acknowledged");
    assertThat(loads.part(load, 0).counts().read()).isEqualTo(5);
  }

  @Test
  void message_of_a_job_that_is_over_is_acknowledged_without_work() throws Exception {
    var load = uploaded(Loads.lines("P", 5));
    var step = step(load);
    var job = requireNonNull(batch.jobs.getJobExecution(step.getJobExecutionId()));
    job.setStatus(BatchStatus.FAILED);
    batch.jobs.update(job);
    take(load, step);
    assertThat(fates).containsExactly("acknowledged");
    assertThat(loads.part(load, 0).position()).isZero();
  }

  @Test
  void process_that_stops_gives_the_message_back_at_once() throws Exception {
    var load = uploaded(Loads.lines("P", 5));
    running.stopAll();
    var step = step(load);
    take(load, step);
    assertThat(fates).containsExactly("visible in 0");
    assertThat(status(step)).as("not even begun").isEqualTo(BatchStatus.STARTING);
    assertThat(loads.part(load, 0).position()).isZero();
  }

  @Test
  void part_of_a_stopped_load_ends_as_failed_with_its_position_kept() throws Exception {
    var load = uploaded(Loads.lines("P", 25));
    var step = step(load);
    loads
        .transactions()
        .run(c -> {
          LoadOrders.carryOut(c, new LoadOrders.Order(1, load.id(), Action.STOP));
        });
    take(load, step);
    assertThat(fates).containsExactly("acknowledged");
    assertThat(status(step)).isEqualTo(BatchStatus.FAILED);
    assertThat(loads.part(load, 0).position()).isZero();
    assertThat(loads.current(load).reason()).isNull();
  }

  @Test
  void part_that_begins_after_its_book_was_closed_dooms_its_load() throws Exception {
    var load = uploaded(Loads.lines("P", 25));
    var step = step(load);
    database.rows().close(loads.book());
    take(load, step);
    assertThat(fates).containsExactly("acknowledged");
    assertThat(loads.part(load, 0).position()).isZero();
    assertThat(loads.current(load).reason()).isEqualTo(CodeLoads.BOOK_CLOSED);
  }

  @Test
  void part_that_another_process_works_on_is_left_to_it() throws Exception {
    var load = uploaded(Loads.lines("P", 5));
    var step = step(load);
    // The other process updates its record between our look and our start.
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE FUNCTION others_update() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            NEW.version := NEW.version + 100;
            RETURN NEW;
          END $$;
          CREATE TRIGGER others_update BEFORE UPDATE ON batch.batch_step_execution
            FOR EACH ROW EXECUTE FUNCTION others_update();
          """);
    }
    take(load, step);
    assertThat(fates).isEmpty();
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
  }

  @Test
  void what_is_not_a_part_message_is_neither_acknowledged_nor_worked_on() {
    for (var body : List.of("hello", "{\"v\":2,\"load\":1,\"part\":0,\"stepExecution\":1}")) {
      assertThatThrownBy(() -> take(body)).isInstanceOf(UndecodableMessageException.class);
    }
    assertThat(fates).isEmpty();
  }
}
