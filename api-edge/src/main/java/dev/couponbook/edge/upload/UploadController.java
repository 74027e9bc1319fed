package dev.couponbook.edge.upload;

import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.Command;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.file.FileLinks;
import dev.couponbook.edge.request.Asked;
import dev.couponbook.edge.request.EntityTag;
import dev.couponbook.edge.request.PollPause;
import dev.couponbook.edge.request.SubmitCommand;
import dev.couponbook.edge.route.AnyAccept;
import dev.couponbook.edge.security.Caller;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.edge.upload.UploadIds.Upload;
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
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files of codes: where to send them, and what becomes of them. */
@Controller("/coupons/codes/uploads")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class UploadController {
  private final PlanUpload uploads;
  private final Transactions transactions;
  private final UploadIds ids;
  private final FindLoad loads;
  private final SubmitCommand commands;
  private final FileLinks files;

  UploadController(
      PlanUpload uploads,
      Transactions transactions,
      UploadIds ids,
      FindLoad loads,
      SubmitCommand commands,
      FileLinks files) {
    this.uploads = uploads;
    this.transactions = transactions;
    this.ids = ids;
    this.loads = loads;
    this.commands = commands;
    this.files = files;
  }

  /** Says how to send a file; it is loaded as soon as it has come. */
  @Post
  @NeedsToken(Scope.UPLOAD)
  HttpResponse<UploadPlan> upload(HttpRequest<?> request, @Body UploadBody body) {
    var planned = uploads.plan(Asked.of(request), body);
    MutableHttpResponse<UploadPlan> response =
        HttpResponse.created(planned.plan())
            .header(HttpHeaders.LOCATION, ids.link(planned.plan().uploadId()))
            .header(HttpHeaders.CACHE_CONTROL, "no-store"); // the address is a credential
    return planned.replayed() ? response.header("Idempotent-Replayed", "true") : response;
  }

  /** How far an upload is. */
  @Get("/{uploadId}")
  @NeedsToken(Scope.READ)
  HttpResponse<UploadState> uploadState(HttpRequest<?> request, String uploadId) {
    var partner = Caller.of(request).partner();
    var load = loads.load(partner, uploadId);
    if (load.isPresent()) {
      var state =
          transactions.inTransaction(c ->
              UploadState.of(
                  uploadId,
                  ids.link(uploadId),
                  load.get(),
                  ReadLoads.warnings(c, partner, load.get()),
                  ReadLoads.rejectsByReason(c, partner, load.get())));
      var answer = HttpResponse.ok(state);
      return EntityTag.conditional(
          request,
          load.get().progress().state().isFinal()
              ? answer
              : PollPause.tell(PollPause.of(load.get()), answer));
    }
    var awaited = ids.verify(partner, uploadId).orElseThrow(FindLoad::notFound);
    var book = bookOf(partner, awaited).orElseThrow(FindLoad::notFound);
    var now = Instant.now();
    boolean expired = awaited.until().filter(now::isAfter).isPresent();
    var answer = HttpResponse.ok(UploadState.withoutFile(uploadId, book.toString(), expired));
    var pause = PollPause.of(new RequestId(awaited.id().value()), now);
    return EntityTag.conditional(request, expired ? answer : PollPause.tell(pause, answer));
  }

  private Optional<BookId> bookOf(PartnerId partner, Upload upload) {
    return transactions.inTransaction(c -> ReadBooks.id(c, partner, upload.book()));
  }

  /** The rejected rows as CSV: answered by a redirect to where they can be fetched. */
  @Get("/{uploadId}/rejects")
  @AnyAccept
  @NeedsToken(Scope.READ)
  HttpResponse<?> rejects(HttpRequest<?> request, String uploadId) {
    return file(request, uploadId, Load::rejectsKey);
  }

  /** The summary as JSON: answered by a redirect to where it can be fetched. */
  @Get("/{uploadId}/summary")
  @AnyAccept
  @NeedsToken(Scope.READ)
  HttpResponse<?> summary(HttpRequest<?> request, String uploadId) {
    return file(request, uploadId, Load::summaryKey);
  }

  private HttpResponse<?> file(
      HttpRequest<?> request, String uploadId, Function<Load, @Nullable String> key) {
    return loads
        .load(Caller.of(request).partner(), uploadId)
        .map(key)
        .map(files::redirect)
        .orElseThrow(FindLoad::notFound);
  }

  /** Stops the load at the end of its current chunk, or before its file arrives. */
  @Post("/{uploadId}/cancel")
  @NeedsToken(Scope.UPLOAD)
  HttpResponse<?> cancel(HttpRequest<?> request, String uploadId) {
    return command(request, uploadId, CancelLoad::new);
  }

  /** Takes away the codes of the load that were never assigned. */
  @Post("/{uploadId}/undo")
  @NeedsToken(Scope.UPLOAD)
  HttpResponse<?> undo(HttpRequest<?> request, String uploadId) {
    return command(request, uploadId, UndoLoad::new);
  }

  private HttpResponse<?> command(
      HttpRequest<?> request,
      String uploadId,
      BiFunction<LoadId, @Nullable BookId, Command> command) {
    var partner = Caller.of(request).partner();
    var id = loads.id(partner, uploadId).orElseThrow(FindLoad::notFound);
    var awaitedFor = ids.verify(partner, uploadId).flatMap(upload -> bookOf(partner, upload));
    return commands.submit(request, command.apply(id, awaitedFor.orElse(null)));
  }
}
