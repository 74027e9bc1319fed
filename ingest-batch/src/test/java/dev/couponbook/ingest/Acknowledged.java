package dev.couponbook.ingest;

import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import java.util.concurrent.CompletableFuture;

/** Counts acknowledgements of a message that a test hands to a listener itself. */
public final class Acknowledged implements Acknowledgement {
  private int times;

  public int times() {
    return times;
  }

  @Override
  public void acknowledge() {
    times++;
  }

  @Override
  public CompletableFuture<Void> acknowledgeAsync() {
    acknowledge();
    return CompletableFuture.allOf();
  }
}
