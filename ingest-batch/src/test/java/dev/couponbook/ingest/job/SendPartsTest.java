package dev.couponbook.ingest.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;

/** The sending side of a load's parts; the test is the process that takes them. */
class SendPartsTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(2);

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final String queue = cloud.newQueue();
  private BatchSlice batch;
  private CodeLoad load;
  private StepExecution manager;

  @BeforeEach
  void createLoad() throws Exception {
    batch = new BatchSlice(database);
    load = new Loads(database).create(Loads.file(100));
    manager = batch.manager(load);
  }

  @AfterEach
  void stopManager() {
    manager.setTerminateOnly();
  }

  private CompletableFuture<Collection<StepExecution>> send(int parts, Duration sendAgainAfter) {
    var transactions = new Loads(database).transactions();
    var sending = new SendParts(cloud.template(), queue, transactions, 2, sendAgainAfter);
    var sent = new CompletableFuture<Collection<StepExecution>>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            sent.complete(sending.handle(batch.splitter(load, parts), manager));
          } catch (Exception e) {
            sent.completeExceptionally(e);
          }
        });
    return sent;
  }

  /** Takes so many messages; the queue has no more than these at this time. */
  private List<PartMessage> take(int messages) {
    var taken = new ArrayList<PartMessage>();
    for (int i = 0; i < 5 && taken.size() < messages; i++) {
      cloud.take(queue, SOON).forEach(body -> taken.add(PartMessage.decode(body)));
    }
    assertThat(taken).hasSize(messages);
    return taken;
  }

  private void end(PartMessage message, BatchStatus status) {
    var step = requireNonNull(batch.jobs.getStepExecution(message.stepExecution()));
    step.setStatus(status);
    batch.jobs.update(step);
  }

  @Test
  void no_more_parts_are_out_than_allowed_and_each_end_sends_the_next() throws Exception {
    var sent = send(3, SendParts.SEND_AGAIN_AFTER);
    var first = take(2);
    assertThat(first).extracting(PartMessage::part).containsExactlyInAnyOrder(0, 1);
    assertThat(first).extracting(PartMessage::load).containsOnly(load.id());
    assertThat(cloud.take(queue, AT_ONCE)).isEmpty();
    end(first.getFirst(), BatchStatus.COMPLETED);
    var third = take(1);
    assertThat(third.getFirst().part()).isEqualTo(2);
    end(first.getLast(), BatchStatus.COMPLETED);
    end(third.getFirst(), BatchStatus.COMPLETED);
    assertThat(sent.get(10, TimeUnit.SECONDS))
        .extracting(StepExecution::getStatus)
        .containsExactly(BatchStatus.COMPLETED, BatchStatus.COMPLETED, BatchStatus.COMPLETED);
  }

  @Test
  void failed_part_keeps_the_rest_from_being_sent_and_waits_for_those_that_are_out()
      throws Exception {
    var sent = send(4, SendParts.SEND_AGAIN_AFTER);
    var out = take(2);
    end(out.getFirst(), BatchStatus.FAILED);
    end(out.getLast(), BatchStatus.COMPLETED);
    assertThat(sent.get(10, TimeUnit.SECONDS))
        .extracting(StepExecution::getStatus)
        .containsOnlyOnce(BatchStatus.FAILED)
        .containsOnlyOnce(BatchStatus.COMPLETED);
    assertThat(cloud.take(queue, AT_ONCE)).isEmpty();
  }

  @Test
  void stopped_part_is_still_out_because_its_process_gave_the_message_back() throws Exception {
    var sent = send(1, SendParts.SEND_AGAIN_AFTER);
    var part = take(1).getFirst();
    end(part, BatchStatus.STOPPED);
    assertThat(cloud.take(queue, Duration.ofSeconds(1))).isEmpty();
    assertThat(sent).isNotDone();
    end(part, BatchStatus.COMPLETED);
    assertThat(sent.get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void silent_part_is_sent_again_and_one_that_gives_signs_is_not() throws Exception {
    var sent = send(2, Duration.ofSeconds(1));
    var parts = new ArrayList<>(take(2));
    parts.sort(Comparator.comparingInt(PartMessage::part));
    // The first would be sent again first.
    var heard = parts.getFirst();
    var silent = parts.getLast();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    List<String> again = List.of();
    while (again.isEmpty() && System.nanoTime() < deadline) {
      // A new version of its record.
      end(heard, BatchStatus.STARTED);
      again = cloud.take(queue, AT_ONCE);
    }
    assertThat(again).extracting(PartMessage::decode).containsExactly(silent);
    parts.forEach(part -> end(part, BatchStatus.COMPLETED));
    assertThat(sent.get(10, TimeUnit.SECONDS)).hasSize(2);
  }

  @Test
  void stop_of_the_process_lets_go_of_parts_that_are_out() {
    var sent = send(2, SendParts.SEND_AGAIN_AFTER);
    take(2);
    manager.setTerminateOnly();
    assertThatThrownBy(() -> sent.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(JobInterruptedException.class)
        .hasMessageContaining("this process stops");
  }
}
