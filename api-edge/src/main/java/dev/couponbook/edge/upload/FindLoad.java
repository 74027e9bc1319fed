package dev.couponbook.edge.upload;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.upload.UploadIds.Upload;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadLoads;
import dev.couponbook.store.read.ReadLoads.Load;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Finds the load that an id in an address stands for. */
@Singleton
final class FindLoad {
  private final Transactions transactions;
  private final UploadIds ids;
  private final RequestIds requests;

  FindLoad(Transactions transactions, UploadIds ids, RequestIds requests) {
    this.transactions = transactions;
    this.ids = ids;
    this.requests = requests;
  }

  /** The load, read in a transaction of its own; none while its file has not come. */
  Optional<Load> load(PartnerId partner, String uploadId) {
    return id(partner, uploadId)
        .flatMap(id -> transactions.inTransaction(c -> ReadLoads.find(c, partner, id)));
  }

  /**
   * The load's own id, if the text was given to this partner. A job that makes codes is a load too,
   * under the id of the request that asked for it.
   */
  Optional<LoadId> id(PartnerId partner, String uploadId) {
    return ids.verify(partner, uploadId)
        .map(Upload::id)
        .or(() -> requests.verify(partner, uploadId).map(given -> new LoadId(given.id().value())));
  }

  /** 404: there is no such upload, or it is another partner's. */
  static ProblemException notFound() {
    return ProblemException.notFound(Refusal.UPLOAD_NOT_FOUND);
  }
}
