package dev.couponbook.ingest.upload;

import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.queue.DeadLetters;
import dev.couponbook.queue.DeadLetters.Verdict;
import org.springframework.scheduling.annotation.Scheduled;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Tries the bucket's events that failed too often again and again: if the bucket or the database
 * was unavailable, they were not at fault, and an upload must not wait for ever. A message that is
 * not an event stays for the operators.
 */
public final class RetryDeadUploads {
  private final UploadListener uploads;
  private final DeadLetters letters;

  /**
   * @throws IllegalStateException if one of the two queues does not exist
   */
  public RetryDeadUploads(SqsAsyncClient sqs, IngestSettings settings, UploadListener uploads) {
    this.uploads = uploads;
    this.letters = new DeadLetters(sqs, settings.uploads(), settings.deadUploads(), this::tryAgain);
  }

  /** Looks through the dead letters once. */
  @Scheduled(fixedDelayString = "#{@ingestSettings.deadLetterPause()}")
  void runOnce() {
    letters.lookThrough();
  }

  Verdict tryAgain(String body) {
    uploads.arrived(body);
    return Verdict.DONE;
  }
}
