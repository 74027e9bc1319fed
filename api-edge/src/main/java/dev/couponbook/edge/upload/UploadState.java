package dev.couponbook.edge.upload;

import dev.couponbook.edge.request.LoadProgress;
import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout.Understood;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadLoads.Load;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far an upload is. */
public record UploadState(
    String uploadId,
    String bookId,
    String state,
    double percent,
    LoadProgress.RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd,
    @Nullable Understood understood,
    List<CountedWarning.Told> warnings,
    Map<String, Long> rejectsByReason,
    Links links,
    @Nullable String reason,
    @Nullable Long removed) {

  /** Files that the load left behind, once they are there. */
  public record Links(@Nullable String rejects, @Nullable String summary) {}

  /**
   * Of an upload without a load.
   *
   * @param expired whether its file can no longer arrive
   */
  static UploadState withoutFile(String uploadId, String bookId, boolean expired) {
    return new UploadState(
        uploadId,
        bookId,
        (expired ? LoadState.EXPIRED : LoadState.AWAITING_FILE).text(),
        0,
        new LoadProgress.RowCounts(0, 0, 0, 0),
        0,
        null,
        null,
        List.of(),
        Map.of(),
        new Links(null, null),
        expired ? "The file was not sent while its address was valid: ask for a new upload" : null,
        null);
  }

  /**
   * @param link where the upload can be asked about
   */
  static UploadState of(
      String uploadId,
      String link,
      Load load,
      List<CountedWarning> warnings,
      Map<String, Long> rejectsByReason) {
    var progress = LoadProgress.of(load);
    return new UploadState(
        uploadId,
        load.declared().book().toString(),
        progress.state(),
        progress.percent(),
        progress.rows(),
        progress.rowsPerSecond(),
        progress.estimatedEnd(),
        load.understood(),
        warnings.stream().map(CountedWarning::told).toList(),
        rejectsByReason,
        new Links(
            load.rejectsKey() == null ? null : link + "/rejects",
            load.summaryKey() == null ? null : link + "/summary"),
        load.reason(),
        load.removed());
  }
}
