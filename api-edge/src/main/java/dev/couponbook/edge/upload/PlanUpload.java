package dev.couponbook.edge.upload;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.request.AcceptedKeys;
import dev.couponbook.edge.request.Asked;
import dev.couponbook.edge.request.EndsToCome;
import dev.couponbook.edge.request.KnownRequests;
import dev.couponbook.edge.upload.UploadIds.Upload;
import dev.couponbook.json.Json;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import dev.couponbook.store.read.ReadLoads;
import dev.couponbook.store.read.ReadLoads.Load;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Says how a file is to be sent, in one request or in parts. */
@Singleton
final class PlanUpload {
  private final KnownRequests known;
  private final Transactions transactions;
  private final UploadIds ids;
  private final AcceptedKeys accepted;
  private final PresignUpload presign;
  private final MultipartUploads multipart;

  PlanUpload(
      KnownRequests known,
      Transactions transactions,
      UploadIds ids,
      AcceptedKeys accepted,
      PresignUpload presign,
      MultipartUploads multipart) {
    this.known = known;
    this.transactions = transactions;
    this.ids = ids;
    this.accepted = accepted;
    this.presign = presign;
    this.multipart = multipart;
  }

  /**
   * How to send the file.
   *
   * @param replayed whether the file of this key had come before
   */
  record Planned(UploadPlan plan, boolean replayed) {}

  /**
   * Plans the upload; nothing is written down anywhere until its file comes.
   *
   * @throws ProblemException 404 if there is no such book, 409 if it is closed, 422 if the key
   *     stands for another upload
   */
  Planned plan(Asked asked, UploadBody body) {
    var partner = asked.partner();
    var book =
        transactions
            .inTransaction(c -> ReadBooks.number(c, partner, body.bookId()))
            .orElseThrow(() -> ProblemException.notFound(Refusal.BOOK_NOT_FOUND));
    var id = asked.key().map(key -> ids.derive(partner, key)).orElseGet(ids::mint);
    boolean replayed = asked.key().isPresent() && isRepeated(partner, id, body);
    if (!replayed) {
      EndsToCome.require("expiration", body.expiration(), Instant.now());
      if (book.state() == BookState.CLOSED) {
        throw ProblemException.refused(Refusal.BOOK_CLOSED);
      }
    }
    var upload = new Upload(id, book.number(), body.length() >= MultipartUploads.FROM);
    return new Planned(plan(partner, upload, body), replayed);
  }

  private UploadPlan plan(PartnerId partner, Upload upload, UploadBody body) {
    var text = ids.text(partner, upload);
    if (!upload.inParts()) {
      var put = presign.presign(partner, upload.id(), body);
      return new UploadPlan(text, "PUT", put.url(), put.headers(), put.expiresAt(), null, null);
    }
    var plan = multipart.begin(partner, upload.id(), body);
    var complete = ids.link(text) + "/complete";
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
    AcceptedKeys.requireUnused(earlier);
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
        && (declared.fileName() == null // cancelled before it came: nothing else is known of it
            || declared.contentLength() == body.length()
                && declared.options().equals(body.options()));
  }
}
