package dev.couponbook.ingest.upload;

import dev.couponbook.command.UndecodableMessageException;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries events that failed too often again and again: if the bucket was unavailable, they were not
 * at fault, and an upload must not wait for ever. A message that is not an event stays in the queue
 * for the operators.
 */
public final class DeadUploadListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeadUploadListener.class);

  private final UploadListener uploads;

  public DeadUploadListener(UploadListener uploads) {
    this.uploads = uploads;
  }

  @SqsListener(queueNames = "#{@ingestSettings.deadUploads()}", factory = "deadLetters")
  public void take(String body, Acknowledgement acknowledgement) {
    try {
      uploads.take(body, acknowledgement);
    } catch (UndecodableMessageException e) {
      LOG.warn("leaving a dead letter that is not an event of the bucket: {}", e.getMessage());
    }
  }
}
