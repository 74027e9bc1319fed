package dev.couponbook.unlock;

import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.listener.acknowledgement.BatchAcknowledgement;
import java.util.List;
import org.springframework.messaging.Message;

/**
 * Sweeps when the schedule sends an event. Events that arrive together, or twice, are one sweep;
 * what an event says does not matter.
 */
class SweepListener {
  private final RunSweep sweep;

  SweepListener(RunSweep sweep) {
    this.sweep = sweep;
  }

  @SqsListener(queueNames = "#{@unlockSettings.sweeps()}", factory = "sweeps", id = "sweeps")
  void sweep(List<Message<String>> events, BatchAcknowledgement<String> acknowledgement) {
    sweep.runOnce();
    acknowledgement.acknowledge();
  }
}
