package dev.couponbook.ingest.generate;

import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Done;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.Cause;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.UndoneLoad;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.Capacity;
import dev.couponbook.store.batch.Capacity.Room;
import dev.couponbook.store.batch.CommandLog;
import dev.couponbook.store.batch.CommandLog.Answer;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the codes of a generation to the bucket, and answers its request. */
public final class GenerationReport {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationReport.class);

  private final FileStore files;
  private final Transactions transactions;

  public GenerationReport(FileStore files, Transactions transactions) {
    this.files = files;
    this.transactions = transactions;
  }

  /**
   * Finishes the load; if it is finished already, nothing happens.
   *
   * @throws IOException if the bucket cannot be written
   */
  public void make(CodeLoad load) throws IOException {
    if (load.state().isFinal()) {
      return;
    }
    var generation = Generation.of(load);
    long accepted = transactions.inTransaction(c -> LoadParts.totals(c, load.id())).accepted();
    long expected = Objects.requireNonNull(load.rowsExpected());
    if (accepted == expected || load.cancelRequested() && load.reason() == null) {
      var state = accepted == expected ? State.COMPLETED : State.CANCELLED;
      finish(load, generation, state, done(generation, accepted, state), codes(load, generation));
    } else {
      // All the codes that were asked for, or none.
      UndoneLoad.removeCodes(transactions, load);
      finish(load, generation, State.FAILED, refused(load, generation), null);
    }
    LOG.info("load {}: {} of {} codes generated", load.id(), accepted, expected);
  }

  private String codes(CodeLoad load, Generation generation) throws IOException {
    var key = "codes/%d/%s.csv".formatted(load.partner().value(), load.publicId());
    files.put(
        key,
        "text/csv; charset=utf-8",
        out -> new CodesCsv(load, generation, transactions).writeTo(out));
    return key;
  }

  private static Outcome done(Generation generation, long accepted, State state) {
    long manual = generation.addCodes().manual().size();
    var body = new LinkedHashMap<String, Object>();
    body.put("amount", accepted);
    body.put("manual", manual);
    body.put("generated", accepted - manual);
    if (state == State.CANCELLED) {
      body.put("cancelled", true);
      return Done.ok(body);
    }
    return Done.created(body);
  }

  private Outcome refused(CodeLoad load, Generation generation) {
    if (CodeLoads.BOOK_CLOSED.equals(load.reason())) {
      return Refused.because(Refusal.BOOK_CLOSED);
    }
    if (load.reason() != null) {
      return Refused.because(Refusal.INTERNAL_ERROR);
    }
    long asked = generation.generated().amount();
    var room =
        transactions.inTransaction(
            c -> Capacity.room(c, load.partner(), generation.pattern(), asked));
    return cannotGenerate(asked, room);
  }

  static Refused cannotGenerate(long asked, Room room) {
    var details = new LinkedHashMap<String, Object>();
    details.put("keySpace", room.keySpace());
    details.put("taken", room.taken());
    details.put("asked", asked);
    return new Refused(
        Refusal.CANNOT_GENERATE,
        "Failed to generate %d random new codes".formatted(asked),
        Cause.TOO_FEW_LEFT,
        details);
  }

  // State and answer are committed together: a finished request has exactly one outcome.
  private void finish(
      CodeLoad load,
      Generation generation,
      State state,
      Outcome outcome,
      @Nullable String codesKey) {
    transactions.run(c -> {
      if (state == State.FAILED) {
        CodeLoads.doom(c, load.id(), reason(outcome));
      }
      if (CodeLoads.finish(c, load.id(), state, null, null, codesKey)) {
        CommandLog.record(c, List.of(new Answer(generation.command(), outcome)));
      }
    });
  }

  private static String reason(Outcome outcome) {
    return outcome instanceof Refused refused ? refused.sentence() : "The codes were not generated";
  }
}
