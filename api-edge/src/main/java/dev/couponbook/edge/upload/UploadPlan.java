package dev.couponbook.edge.upload;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;

/** How to send the file: one request, to be sent as it stands here. */
@Schema(name = "UploadPlan")
public record UploadPlan(
    @Schema(description = "to ask for the state with") String uploadId,
    @Schema(example = "PUT") String method,
    @Schema(description = "a credential: do not log it") String url,
    @Schema(description = "each of them must be sent, unchanged") Map<String, String> headers,
    @Schema(description = "until then the file can be sent") Instant expiresAt) {}
