package dev.couponbook.ingest.upload;

import dev.couponbook.command.UploadMetadata;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.upload.S3Events.Created;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.CodeLoads.NewLoad;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Creates the load of each file that arrives; from then on a job works on it. The same event once
 * more finds the load and changes nothing.
 */
public final class UploadListener {
  private static final Logger LOG = LoggerFactory.getLogger(UploadListener.class);

  private final FileStore files;
  private final Transactions transactions;
  private final Runnable newLoad;

  /**
   * @param newLoad runs after each new load was committed
   */
  public UploadListener(FileStore files, Transactions transactions, Runnable newLoad) {
    this.files = files;
    this.transactions = transactions;
    this.newLoad = newLoad;
  }

  @SqsListener(queueNames = "#{@ingestSettings.uploads()}", factory = "listeners")
  public void take(String body, Acknowledgement acknowledgement) {
    arrived(body);
    acknowledgement.acknowledge();
  }

  /**
   * Creates the loads of the files that the event tells of.
   *
   * @throws dev.couponbook.command.UndecodableMessageException if it is not an event of the bucket
   */
  void arrived(String event) {
    for (var created : S3Events.created(event)) {
      arrived(created);
    }
  }

  private void arrived(Created object) {
    if (!object.bucket().equals(files.bucket())
        || !object.key().startsWith(UploadMetadata.FOLDER)) {
      LOG.warn("ignoring an event of another bucket or folder ({})", object.bucket());
      return;
    }
    var head = files.head(object.key());
    if (head.isEmpty()) {
      LOG.warn("ignoring the event of {}: the object is gone", object.key());
      return;
    }
    try {
      var signed = UploadMetadata.of(head.get().metadata());
      if (!signed.key().equals(object.key())) {
        throw new InvalidValueException("metadata of another object");
      }
      load(signed, object.key(), head.get());
    } catch (InvalidValueException e) {
      LOG.warn(
          "ignoring {}, which was not uploaded through a signed URL of ours: {}",
          object.key(),
          e.getMessage());
    }
  }

  private void load(UploadMetadata signed, String key, HeadObjectResponse head) {
    boolean isNew =
        transactions.inTransaction(connection -> {
          var book = CodeLoads.bookOf(connection, signed.partner(), signed.book());
          if (book.isEmpty()) {
            LOG.warn("ignoring {}: its partner has no such book", key);
            return false;
          }
          var load =
              NewLoad.ofFile(
                  signed.upload(), signed.partner(), book.getAsInt(), file(signed, key, head));
          var id = CodeLoads.create(connection, load);
          if (id.isPresent() && head.contentLength() != signed.length()) {
            CodeLoads.doom(
                connection,
                id.getAsInt(),
                "The file has %d bytes and was announced with %d"
                    .formatted(head.contentLength(), signed.length()));
          }
          return id.isPresent();
        });
    if (isNew) {
      newLoad.run();
    }
  }

  private static NewFile file(UploadMetadata signed, String key, HeadObjectResponse head) {
    return new NewFile(
        signed.fileName(),
        key,
        head.eTag(),
        signed.sha256(),
        head.contentLength(),
        signed.options());
  }
}
