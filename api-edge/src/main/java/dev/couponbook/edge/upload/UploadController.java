package dev.couponbook.edge.upload;

import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.Command;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.file.FileLinks;
import dev.couponbook.edge.file.Redirects;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemExamples;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.request.AcceptedKeys;
import dev.couponbook.edge.request.Asked;
import dev.couponbook.edge.request.EntityTag;
import dev.couponbook.edge.request.KnownRequests;
import dev.couponbook.edge.request.PollPause;
import dev.couponbook.edge.request.Polled;
import dev.couponbook.edge.request.SubmitCommand;
import dev.couponbook.edge.request.TakesBody;
import dev.couponbook.edge.request.TakesCommand;
import dev.couponbook.edge.request.TakesKey;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.edge.upload.UploadIds.Upload;
import dev.couponbook.json.Json;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import dev.couponbook.store.read.ReadLoads;
import dev.couponbook.store.read.ReadLoads.Load;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files of codes: where to send them, and what becomes of them. */
@Controller("/coupons/codes/uploads")
@ExecuteOn(TaskExecutors.VIRTUAL)
@Tag(name = "Uploads")
final class UploadController {
  private final KnownRequests known;
  private final Transactions transactions;
  private final UploadIds ids;
  private final RequestIds requests;
  private final PresignUpload presign;
  private final MultipartUploads multipart;
  private final AcceptedKeys accepted;
  private final SubmitCommand commands;
  private final FileLinks files;

  UploadController(
      KnownRequests known,
      Transactions transactions,
      UploadIds ids,
      RequestIds requests,
      PresignUpload presign,
      MultipartUploads multipart,
      AcceptedKeys accepted,
      SubmitCommand commands,
      FileLinks files) {
    this.known = known;
    this.transactions = transactions;
    this.ids = ids;
    this.requests = requests;
    this.presign = presign;
    this.multipart = multipart;
    this.accepted = accepted;
    this.commands = commands;
    this.files = files;
  }

  /** Says how to send a file; it is loaded as soon as it has come. */
  @Post
  @NeedsToken(Scope.UPLOAD)
  @TakesKey
  @TakesBody
  @ApiResponse(
      responseCode = "201",
      description = "Send the file like this",
      content = @Content(schema = @Schema(implementation = UploadPlan.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such book",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(name = "book_not_found", value = ProblemExamples.NO_SUCH_BOOK)))
  HttpResponse<UploadPlan> upload(HttpRequest<?> request, @Body UploadBody body) {
    var asked = Asked.of(request);
    var partner = asked.partner();
    int book =
        transactions
            .inTransaction(c -> ReadBooks.number(c, partner, body.bookId()))
            .orElseThrow(() ->
                ProblemException.notFound(
                    Refusal.BOOK_NOT_FOUND.code(), Refusal.BOOK_NOT_FOUND.sentence()));
    var id = asked.key().map(key -> ids.derive(partner, key)).orElseGet(ids::mint);
    boolean replayed = asked.key().isPresent() && isRepeated(partner, id, body);
    var text = ids.text(partner, new Upload(id, book));
    MutableHttpResponse<UploadPlan> response = HttpResponse.created(plan(partner, id, text, body));
    response
        .header(HttpHeaders.LOCATION, path(text))
        .header(HttpHeaders.CACHE_CONTROL, "no-store"); // the address is a credential
    return replayed ? response.header("Idempotent-Replayed", "true") : response;
  }

  private UploadPlan plan(PartnerId partner, LoadId id, String text, UploadBody body) {
    if (body.length() < MultipartUploads.FROM) {
      var put = presign.presign(partner, id, body);
      return new UploadPlan(text, "PUT", put.url(), put.headers(), put.expiresAt(), null, null);
    }
    var plan = multipart.begin(partner, id, body);
    var complete = path(text) + "/complete";
    return new UploadPlan(text, "PUT", null, Map.of(), plan.expiresAt(), plan.parts(), complete);
  }

  /** Whether the file of this key is there already; refuses the key if it stands for another. */
  private boolean isRepeated(PartnerId partner, LoadId id, UploadBody body) {
    var request = new RequestId(id.value());
    var asked = Fingerprint.of("upload:" + Json.mapper().writeValueAsString(body));
    var earlier = known.find(partner, request);
    if (earlier.finished() != null) {
      AcceptedKeys.requireSame(earlier.finished().fingerprint(), asked);
    }
    var load =
        earlier.loads()
            ? transactions.inTransaction(c -> ReadLoads.find(c, partner, id))
            : Optional.<Load>empty();
    if (load.isPresent() && !isOf(load.get(), body)) {
      throw AcceptedKeys.reused();
    }
    accepted.once(request, asked, () -> {});
    return load.isPresent();
  }

  private static boolean isOf(Load load, UploadBody body) {
    var declared = load.declared();
    return load.imported()
        && declared.book().equals(body.bookId())
        && declared.contentLength() == body.length()
        && declared.onDuplicate().equals(body.duplicates())
        && declared.dryRun() == body.isDryRun();
  }

  /** How far an upload is. */
  @Get("/{uploadId}")
  @NeedsToken(Scope.READ)
  @Polled
  @ApiResponse(
      responseCode = "200",
      description = "The upload",
      content = @Content(schema = @Schema(implementation = UploadState.class)))
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
  HttpResponse<UploadState> uploadState(HttpRequest<?> request, String uploadId) {
    var partner = Caller.of(request).partner();
    var upload = ids.verify(partner, uploadId);
    var load = load(partner, uploadId);
    if (load.isPresent()) {
      var rejects =
          transactions.inTransaction(c -> ReadLoads.rejectsByReason(c, partner, load.get()));
      var answer = HttpResponse.ok(UploadState.of(uploadId, load.get(), rejects));
      return EntityTag.conditional(
          request,
          load.get().progress().state().isFinal()
              ? answer
              : PollPause.tell(PollPause.of(load.get()), answer));
    }
    return upload
        .flatMap(
            awaited -> transactions.inTransaction(c -> ReadBooks.id(c, partner, awaited.book())))
        .map(book -> UploadState.awaitingFile(uploadId, book.toString()))
        .map(HttpResponse::ok)
        .map(answer -> EntityTag.conditional(request, answer))
        .orElseThrow(UploadController::notFound);
  }

  /** The rejected rows as CSV: answered by a redirect to where they can be fetched. */
  @Get("/{uploadId}/rejects")
  @NeedsToken(Scope.READ)
  @Redirects
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
  HttpResponse<?> rejects(HttpRequest<?> request, String uploadId) {
    return file(request, uploadId, Load::rejectsKey);
  }

  /** The summary as JSON: answered by a redirect to where it can be fetched. */
  @Get("/{uploadId}/summary")
  @NeedsToken(Scope.READ)
  @Redirects
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
  HttpResponse<?> summary(HttpRequest<?> request, String uploadId) {
    return file(request, uploadId, Load::summaryKey);
  }

  private HttpResponse<?> file(
      HttpRequest<?> request, String uploadId, Function<Load, @Nullable String> key) {
    return load(Caller.of(request).partner(), uploadId)
        .map(key)
        .map(files::redirect)
        .orElseThrow(UploadController::notFound);
  }

  /** Stops the load at the next edge of a chunk. */
  @Post("/{uploadId}/cancel")
  @NeedsToken(Scope.UPLOAD)
  @TakesCommand
  @ApiResponse(
      responseCode = "200",
      description = "It stops; its state says when it has",
      content = @Content(schema = @Schema(implementation = LoadOutcomes.Cancelled.class)))
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
  @ApiResponse(
      responseCode = "409",
      description = "Upload is already finished (upload_finished)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "upload_finished",
                      value = ProblemExamples.UPLOAD_FINISHED)))
  HttpResponse<?> cancel(HttpRequest<?> request, String uploadId) {
    return command(request, uploadId, CancelLoad::new);
  }

  /** Takes away the codes of the load that were never assigned. */
  @Post("/{uploadId}/undo")
  @NeedsToken(Scope.UPLOAD)
  @TakesCommand
  @ApiResponse(
      responseCode = "200",
      description = "The codes are gone, but for those that somebody has",
      content = @Content(schema = @Schema(implementation = LoadOutcomes.Undone.class)))
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
  @ApiResponse(
      responseCode = "409",
      description = "Upload is not finished yet (upload_not_finished)",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class),
              examples =
                  @ExampleObject(
                      name = "upload_not_finished",
                      value = ProblemExamples.UPLOAD_NOT_FINISHED)))
  HttpResponse<?> undo(HttpRequest<?> request, String uploadId) {
    return command(request, uploadId, UndoLoad::new);
  }

  private HttpResponse<?> command(
      HttpRequest<?> request, String uploadId, Function<LoadId, Command> command) {
    return loadId(Caller.of(request).partner(), uploadId)
        .map(id -> commands.submit(request, command.apply(id)))
        .orElseThrow(UploadController::notFound);
  }

  private Optional<Load> load(PartnerId partner, String uploadId) {
    return loadId(partner, uploadId)
        .flatMap(id -> transactions.inTransaction(c -> ReadLoads.find(c, partner, id)));
  }

  // A job that makes codes is a load too, under the id of the request that asked for it.
  private Optional<LoadId> loadId(PartnerId partner, String text) {
    return ids.verify(partner, text)
        .map(Upload::id)
        .or(() -> requests.verify(partner, text).map(id -> new LoadId(id.value())));
  }

  private static String path(String uploadId) {
    return "/coupons/codes/uploads/" + uploadId;
  }

  private static ProblemException notFound() {
    return ProblemException.notFound(
        Refusal.UPLOAD_NOT_FOUND.code(), Refusal.UPLOAD_NOT_FOUND.sentence());
  }
}
