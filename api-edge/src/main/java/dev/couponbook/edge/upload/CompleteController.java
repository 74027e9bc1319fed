package dev.couponbook.edge.upload;

import dev.couponbook.coupon.Refusal;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** The end of an upload in parts. */
@Controller("/coupons/codes/uploads")
@ExecuteOn(TaskExecutors.VIRTUAL)
@Tag(name = "Uploads")
final class CompleteController {
  private final UploadIds ids;
  private final MultipartUploads uploads;

  CompleteController(UploadIds ids, MultipartUploads uploads) {
    this.ids = ids;
    this.uploads = uploads;
  }

  /** What became of the parts. */
  @Schema(name = "UploadCompleted")
  public record Completed(
      @Schema(description = "false: they were a file before, or never begun") boolean completed) {}

  /** Says that all parts are sent: the file is loaded from now on. May be said again. */
  @Post("/{uploadId}/complete")
  @NeedsToken(Scope.UPLOAD)
  @ApiResponse(
      responseCode = "200",
      description = "The parts are a file",
      content = @Content(schema = @Schema(implementation = Completed.class)))
  @ApiResponse(
      responseCode = "409",
      description = "No part has come (parts_missing), or not as was signed (parts_refused)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(name = "parts_missing", value = ProblemExamples.PARTS_MISSING)))
  @ApiResponse(
      responseCode = "404",
      description = "No such upload (upload_not_found)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "upload_not_found",
                      value = ProblemExamples.UPLOAD_NOT_FOUND)))
  Completed complete(HttpRequest<?> request, String uploadId) {
    var partner = Caller.of(request).partner();
    var upload =
        ids.verify(partner, uploadId)
            .orElseThrow(() ->
                ProblemException.notFound(
                    Refusal.UPLOAD_NOT_FOUND.code(), Refusal.UPLOAD_NOT_FOUND.sentence()));
    return new Completed(uploads.complete(partner, upload.id()));
  }
}
