package dev.couponbook.edge.upload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to send the file: one request, to be sent as it stands here, or from 100 MB on its parts, in
 * any order, and then {@code complete}.
 */
public record UploadPlan(
    String uploadId,
    String method,
    @Nullable String url,
    Map<String, String> headers,
    Instant expiresAt,
    @Nullable List<PartPlan> parts,
    @Nullable String complete) {

  /** A part of the file: the next so many bytes. */
  public record PartPlan(int number, long contentLength, String url) {}
}
