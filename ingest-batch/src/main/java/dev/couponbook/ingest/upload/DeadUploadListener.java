package dev.couponbook.ingest.upload;

import dev.couponbook.command.UndecodableMessageException;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the events that failed too often once more, and again: while the bucket was away they were
 * not at fault, and an upload must not wait for ever. What is no event stays for the operators.
 */
public final class DeadUploadListener {
  private static final Logger log = LoggerFactory.getLogger(DeadUploadListener.class);

  private final UploadListener uploads;

  public DeadUploadListener(UploadListener uploads) {
    this.uploads = uploads;
  }

  @SqsListener(queueNames = "#{@ingestSettings.deadUploads()}", factory = "deadLetters")
  public void take(String body, Acknowledgement acknowledgement) {
    try {
      uploads.take(body, acknowledgement);
    } catch (UndecodableMessageException e) {
      log.warn("a dead letter is no event of the bucket: {}", e.getMessage());
    }
  }
}
