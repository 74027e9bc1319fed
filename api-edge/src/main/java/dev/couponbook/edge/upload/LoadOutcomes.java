package dev.couponbook.edge.upload;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What comes of cancel and undo, for the description of the API only: the edge passes it on as it
 * is and never reads it.
 */
final class LoadOutcomes {
  private LoadOutcomes() {}

  @Schema(name = "UploadCancelled")
  record Cancelled(boolean success) {}

  @Schema(name = "UploadUndone")
  record Undone(
      boolean success,
      @Schema(description = "codes that are gone") long removed,
      @Schema(description = "codes that stayed") long kept,
      Kept keptBecause) {}

  @Schema(name = "UploadKept", description = "why codes stayed")
  record Kept(
      @Schema(description = "somebody has them") long assigned,
      @Schema(name = "void", description = "expired before anybody had them") @JsonProperty("void")
          long voided) {}
}
