package dev.couponbook.ingest.upload;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.StagedLoad;
import dev.couponbook.ingest.load.UndoneLoad;
import dev.couponbook.ingest.load.UnusableFileException;
import dev.couponbook.json.Json;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.FileWarnings;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.RejectedRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rejects and the summary of a file to the bucket, and finishes its load. */
public final class FileReport {
  private static final Logger LOG = LoggerFactory.getLogger(FileReport.class);

  private final FileStore files;
  private final Transactions transactions;

  public FileReport(FileStore files, Transactions transactions) {
    this.files = files;
    this.transactions = transactions;
  }

  /**
   * Settles staged codes and finishes the load; if it is finished already, nothing happens.
   *
   * @throws IOException if the bucket cannot be written
   */
  public void make(CodeLoad load) throws IOException {
    if (load.state().isFinal()) {
      return;
    }
    if (load.options().isStaged()) {
      transactions.run(c -> {
        CodeLoads.doomIfBookClosed(c, load.id());
        StagedLoad.boundRejects(c, load);
      });
      settle(current(load));
      nameDuplicate(load);
    }
    finish(current(load));
  }

  private CodeLoad current(CodeLoad load) {
    return transactions.inTransaction(c -> CodeLoads.byId(c, load.id()));
  }

  // Which line it is can be told only now: the parts before it may not have been counted earlier.
  private void nameDuplicate(CodeLoad load) throws IOException {
    var duplicate = transactions.inTransaction(c -> CodeLoads.fatalDuplicate(c, load.id()));
    if (duplicate.isPresent() && StagedLoad.CODE_EXISTS.equals(current(load).reason())) {
      var reason =
          "The code %s%s exists already, and the upload asked to keep nothing then"
              .formatted(duplicate.get().code(), place(load, duplicate.get().offset()));
      transactions.run(c -> {
        CodeLoads.explain(c, load.id(), reason);
      });
    }
  }

  private String place(CodeLoad load, @Nullable Long offset) throws IOException {
    try {
      return offset == null
          ? ""
          : String.format(Locale.ROOT, " of line %,d", CountLines.to(files, load, offset));
    } catch (UnusableFileException e) {
      return ""; // the file is gone meanwhile
    }
  }

  // A dry run keeps nothing. Other staged files are kept as a whole or not at all, and now it is
  // known which. Wherever this is cut off, all of it can be done again.
  private void settle(CodeLoad load) {
    if (!load.options().dryRun() && load.reason() == null && isDone(load)) {
      StagedLoad.keep(transactions, load);
    }
    StagedLoad.drop(transactions, load);
    if (!load.options().dryRun() && current(load).reason() != null) {
      UndoneLoad.removeCodes(transactions, load);
    }
  }

  private void finish(CodeLoad load) throws IOException {
    var counts = transactions.inTransaction(c -> LoadParts.totals(c, load.id()));
    var state = state(load, counts);
    var rejects = counts.rejected() > 0 ? rejects(load) : null;
    var summary = summary(load, state, counts);
    transactions.inTransaction(c -> CodeLoads.finish(c, load.id(), state, rejects, summary, null));
    LOG.info(
        "load {} {}: {} read, {} accepted, {} duplicate, {} rejected",
        load.id(),
        state.sql(),
        counts.read(),
        counts.accepted(),
        counts.duplicate(),
        counts.rejected());
  }

  private State state(CodeLoad load, Counts counts) {
    if (load.reason() != null) {
      return State.FAILED;
    }
    if (load.cancelRequested() && !isDone(load)) {
      return State.CANCELLED;
    }
    return counts.rejected() > 0 ? State.COMPLETED_WITH_REJECTS : State.COMPLETED;
  }

  private boolean isDone(CodeLoad load) {
    return transactions.inTransaction(c -> LoadParts.ofLoad(c, load.id())).stream()
        .allMatch(LoadParts.Part::isDone);
  }

  private String rejects(CodeLoad load) throws IOException {
    var key = "rejects/%d/%s.csv".formatted(load.partner().value(), load.publicId());
    files.put(
        key, "text/csv; charset=utf-8", out -> new RejectsCsv(load).writeTo(out, transactions));
    return key;
  }

  private String summary(CodeLoad load, State state, Counts counts) {
    var summary = new LinkedHashMap<String, @Nullable Object>();
    summary.put("state", state.sql());
    summary.put("reason", load.reason());
    summary.put("fileName", load.fileName());
    summary.put("bytes", load.bytesTotal());
    summary.put("dryRun", load.options().dryRun());
    summary.put("rows", rows(counts));
    summary.put("duplicates", duplicates(counts));
    summary.put("understood", FileLayout.understood(load.layout()));
    summary.put(
        "warnings",
        transactions.inTransaction(c -> FileWarnings.ofLoad(c, load.id())).stream()
            .map(CountedWarning::told)
            .toList());
    summary.put(
        "rejectsByReason", transactions.inTransaction(c -> RejectedRows.byReason(c, load.id())));
    summary.values().removeIf(value -> value == null);
    var key = "summaries/%d/%s.json".formatted(load.partner().value(), load.publicId());
    var json = Json.mapper().writeValueAsString(summary);
    files.put(key, "application/json", json.getBytes(StandardCharsets.UTF_8));
    return key;
  }

  private static Map<String, Long> rows(Counts counts) {
    var rows = new LinkedHashMap<String, Long>();
    rows.put("read", counts.read());
    rows.put("accepted", counts.accepted());
    rows.put("duplicate", counts.duplicate());
    rows.put("rejected", counts.rejected());
    return rows;
  }

  private static Map<String, Long> duplicates(Counts counts) {
    var duplicates = new LinkedHashMap<String, Long>();
    duplicates.put("inThisFile", counts.duplicatesInFile());
    duplicates.put(
        "inTheBook",
        counts.duplicate() - counts.duplicatesInFile() - counts.duplicatesInOtherBooks());
    duplicates.put("inOtherBooks", counts.duplicatesInOtherBooks());
    return duplicates;
  }
}
