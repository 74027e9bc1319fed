package dev.couponbook.edge.upload;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to send the file: one request, to be sent as it stands here, or from 100 MB on its parts, in
 * any order, and then {@code complete}.
 */
@Schema(name = "UploadPlan")
public record UploadPlan(
    @Schema(description = "to ask for the state with") String uploadId,
    @Schema(example = "PUT") String method,
    @Schema(description = "a credential: do not log it; absent where there are parts")
        @Nullable String url,
    @Schema(description = "each of them must be sent, unchanged") Map<String, String> headers,
    @Schema(description = "until then the file can be sent") Instant expiresAt,
    @Schema(description = "where to send the parts of a large file") @Nullable List<PartPlan> parts,
    @Schema(description = "where to POST, without a body, when all parts are sent")
        @Nullable String complete) {

  /** A part of the file: the next so many bytes. */
  @Schema(name = "UploadPart")
  public record PartPlan(
      int number,
      @Schema(description = "bytes; signed") long contentLength,
      @Schema(description = "a credential: do not log it") String url) {}
}
