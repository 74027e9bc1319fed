package dev.couponbook.edge.queue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Sends messages to SQS together. What comes while a call is under way travels in the next one: a
 * lone message goes at once, and under load calls fill by themselves. The SDK's batch manager waits
 * a fixed time for company, which is too long for one message and too short for a thousand.
 */
final class SendBatches {
  private static final int MOST_MESSAGES = 10; // of a call, by SQS
  // Of a call, by SQS: 256 KiB of bodies and attributes; the rest is for the attributes.
  private static final int MOST_BYTES = 240 * 1024;
  // Full calls cannot be merged, only run side by side: with 40 of them, a queue that is 20 ms
  // away takes 20,000 messages per second.
  private static final int FULL_CALLS = 40;

  private final SqsAsyncClient sqs;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  SendBatches(SqsAsyncClient sqs) {
    this.sqs = sqs;
  }

  /**
   * Sends a message.
   *
   * @param message its body and attributes; ids are set here
   * @return completes when SQS has the message, and fails if SQS has not said so. If it is
   *     cancelled, a message that has not left yet is never sent.
   */
  CompletableFuture<Void> send(
      String queueUrl, Consumer<SendMessageBatchRequestEntry.Builder> message) {
    var entry = SendMessageBatchRequestEntry.builder().applyMutation(message).build();
    var waiting = new Waiting(entry, new CompletableFuture<>());
    lanes.computeIfAbsent(queueUrl, Lane::new).add(waiting);
    return waiting.sent();
  }

  private record Waiting(SendMessageBatchRequestEntry message, CompletableFuture<Void> sent) {
    int bytes() {
      return message.messageBody().getBytes(StandardCharsets.UTF_8).length;
    }
  }

  /** The way to one queue. */
  private final class Lane {
    private final String queueUrl;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int calls;

    Lane(String queueUrl) {
      this.queueUrl = queueUrl;
    }

    void add(Waiting message) {
      synchronized (this) {
        waiting.add(message);
      }
      call();
    }

    private void call() {
      for (var batch = next(); !batch.isEmpty(); batch = next()) {
        var sending = batch;
        callFor(sending)
            .whenComplete((answer, failure) -> {
              settle(sending, answer, failure);
              synchronized (this) {
                calls--;
              }
              call();
            });
      }
    }

    private synchronized List<Waiting> next() {
      var batch = new ArrayList<Waiting>();
      if (calls >= (waiting.size() < MOST_MESSAGES ? 1 : FULL_CALLS)) {
        return batch;
      }
      int bytes = 0;
      while (!waiting.isEmpty() && batch.size() < MOST_MESSAGES) {
        bytes += waiting.getFirst().bytes();
        if (bytes > MOST_BYTES && !batch.isEmpty()) {
          break;
        }
        var message = waiting.removeFirst();
        if (!message.sent().isDone()) {
          batch.add(message);
        }
      }
      calls += batch.isEmpty() ? 0 : 1;
      return batch;
    }

    private CompletableFuture<SendMessageBatchResponse> callFor(List<Waiting> batch) {
      var entries = new ArrayList<SendMessageBatchRequestEntry>();
      for (var one : batch) {
        var id = Integer.toString(entries.size());
        entries.add(one.message().toBuilder().id(id).build());
      }
      try {
        return sqs.sendMessageBatch(call -> call.queueUrl(queueUrl).entries(entries));
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  private static void settle(
      List<Waiting> batch, @Nullable SendMessageBatchResponse answer, @Nullable Throwable failure) {
    var reasons = new LinkedHashMap<String, String>();
    if (answer != null) {
      answer.failed().forEach(f -> reasons.put(f.id(), f.code() + ": " + f.message()));
      answer.successful().forEach(s -> reasons.put(s.id(), ""));
    }
    for (int i = 0; i < batch.size(); i++) {
      var sent = batch.get(i).sent();
      var reason = reasons.getOrDefault(Integer.toString(i), "SQS has not answered for it");
      if (failure != null) {
        sent.completeExceptionally(failure);
      } else if (!reason.isEmpty()) {
        sent.completeExceptionally(new IllegalStateException(reason));
      } else {
        sent.complete(null);
      }
    }
  }
}
