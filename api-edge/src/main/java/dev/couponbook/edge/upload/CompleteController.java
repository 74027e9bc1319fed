package dev.couponbook.edge.upload;

import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The end of an upload in parts. */
@Controller("/coupons/codes/uploads")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class CompleteController {
  private final UploadIds ids;
  private final MultipartUploads uploads;

  CompleteController(UploadIds ids, MultipartUploads uploads) {
    this.ids = ids;
    this.uploads = uploads;
  }

  /** What became of the parts. */
  public record Completed(boolean completed) {}

  /** Makes a file of the parts that were sent: it is loaded from now on. May be called again. */
  @Post("/{uploadId}/complete")
  @NeedsToken(Scope.UPLOAD)
  Completed complete(HttpRequest<?> request, String uploadId) {
    var partner = Caller.of(request).partner();
    var upload = ids.verify(partner, uploadId).orElseThrow(FindLoad::notFound);
    return new Completed(uploads.complete(partner, upload.id()));
  }
}
