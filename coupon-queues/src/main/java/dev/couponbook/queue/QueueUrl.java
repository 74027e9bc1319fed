package dev.couponbook.queue;

import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Where calls for a queue go. */
public final class QueueUrl {
  private QueueUrl() {}

  /**
   * Asks for the URL of a queue.
   *
   * @throws IllegalStateException if there is no such queue
   */
  public static String of(SqsAsyncClient sqs, String queue) {
    try {
      return sqs.getQueueUrl(q -> q.queueName(queue)).join().queueUrl();
    } catch (CompletionException e) {
      if (e.getCause() instanceof QueueDoesNotExistException) {
        throw new IllegalStateException("There is no queue " + queue, e);
      }
      throw e;
    }
  }
}
