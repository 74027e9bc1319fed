package dev.couponbook.edge.upload;

import dev.couponbook.edge.request.LoadProgress;
import dev.couponbook.store.read.LoadState;
import dev.couponbook.store.read.ReadLoads.Load;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far an upload is. */
@Schema(name = "Upload")
public record UploadState(
    String uploadId,
    @Schema(format = "uuid") String bookId,
    @Schema(
            allowableValues = {
              "awaiting_file",
              "queued",
              "running",
              "stopped",
              "completed",
              "completed_with_rejects",
              "failed",
              "cancelled",
              "undone"
            })
        String state,
    @Schema(description = "0 to 100 by bytes, never going back") double percent,
    LoadProgress.RowCounts rows,
    long rowsPerSecond,
    @Nullable Instant estimatedEnd,
    Map<String, Long> rejectsByReason,
    Links links,
    @Schema(description = "why it failed") @Nullable String reason,
    @Schema(description = "codes that an undo took away") @Nullable Long removed) {

  /** Files that the load left behind, once they are there. */
  @Schema(name = "UploadLinks")
  public record Links(
      @Schema(description = "the rejected rows as CSV") @Nullable String rejects,
      @Schema(description = "the summary as JSON") @Nullable String summary) {}

  static UploadState awaitingFile(String uploadId, String bookId) {
    return new UploadState(
        uploadId,
        bookId,
        LoadState.AWAITING_FILE.text(),
        0,
        new LoadProgress.RowCounts(0, 0, 0, 0),
        0,
        null,
        Map.of(),
        new Links(null, null),
        null,
        null);
  }

  static UploadState of(String uploadId, Load load, Map<String, Long> rejectsByReason) {
    var progress = LoadProgress.of(load);
    var path = "/coupons/codes/uploads/" + uploadId;
    return new UploadState(
        uploadId,
        load.declared().book().toString(),
        progress.state(),
        progress.percent(),
        progress.rows(),
        progress.rowsPerSecond(),
        progress.estimatedEnd(),
        rejectsByReason,
        new Links(
            load.rejectsKey() == null ? null : path + "/rejects",
            load.summaryKey() == null ? null : path + "/summary"),
        load.reason(),
        load.removed());
  }
}
