package dev.couponbook.edge.queue;

import dev.couponbook.command.CommandEnvelope;
import dev.couponbook.command.CommandEnvelope.Enclosed;
import dev.couponbook.coupon.PartnerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Sends commands to SQS together. What comes while a call is under way travels in the next one, the
 * commands of a partner in one envelope: a lone command goes at once, what follows a full call
 * waits a millisecond for company, and under load calls fill by themselves. The SDK's batch manager
 * waits a fixed time for company, which is too long for one message and too short for a thousand,
 * and knows nothing of envelopes.
 */
final class SendCommands {
  private static final int MOST_MESSAGES = 10; // of a call, by SQS
  // Of a call, by SQS: 256 KiB of bodies and attributes; the rest is for the attributes.
  private static final int MOST_BYTES = 240 * 1024;
  // SQS bills a call for each 64 KiB.
  private static final int MOST_BYTES_OF_ENVELOPE = 60 * 1024;
  // What stands around a message in an envelope: its trace, mostly.
  private static final int WRAPPING = 100;
  // Full calls cannot be merged, only run side by side: with 40 of them, a queue that is 20 ms
  // away takes 200,000 commands per second.
  private static final int FULL_CALLS = 40;
  // Callers who were answered together ask again together: after a call that carried this many
  // commands the first of the next ones waits for the others, or each round would have two calls.
  private static final int COMPANY = 3;
  private static final Duration COMPANY_COMES_WITHIN = Duration.ofMillis(3);

  private final SqsAsyncClient sqs;
  private final Executor soon;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  SendCommands(SqsAsyncClient sqs) {
    this(sqs, COMPANY_COMES_WITHIN);
  }

  /**
   * @param company how long the first command after a call that carried several waits for others
   */
  SendCommands(SqsAsyncClient sqs, Duration company) {
    this.sqs = sqs;
    this.soon =
        CompletableFuture.delayedExecutor(company.toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
  }

  /**
   * A command to be sent.
   *
   * @param message its text, plain ASCII
   * @param answerTo where the edge that sends it hears of its outcome; null if nobody waits for it
   */
  record Outgoing(
      PartnerId partner, String message, String traceparent, @Nullable String answerTo) {}

  /**
   * Sends a command.
   *
   * @param together how many commands may travel in one message of this queue
   * @return completes when SQS has the command, and fails if SQS has not said so. If it is
   *     cancelled, a command that has not left yet is never sent.
   */
  CompletableFuture<Void> send(String queueUrl, int together, Outgoing command) {
    var waiting = new Waiting(command, new CompletableFuture<>());
    lanes.computeIfAbsent(queueUrl, url -> new Lane(url, together)).add(waiting);
    return waiting.sent();
  }

  private record Waiting(Outgoing command, CompletableFuture<Void> sent) {
    int bytes() {
      return command.message().length() + WRAPPING;
    }
  }

  /** Commands of one partner that become one message. */
  private static final class Parcel {
    private final List<Waiting> commands = new ArrayList<>();
    private int bytes;

    boolean hasRoomFor(Waiting command, int together) {
      return commands.size() < together && bytes + command.bytes() <= MOST_BYTES_OF_ENVELOPE;
    }

    void add(Waiting command) {
      commands.add(command);
      bytes += command.bytes();
    }

    SendMessageBatchRequestEntry entry(String id) {
      var first = commands.getFirst().command();
      var attributes = new HashMap<String, MessageAttributeValue>();
      commands.stream()
          .map(waiting -> waiting.command().answerTo())
          .filter(address -> address != null)
          .findAny()
          .ifPresent(address -> attributes.put(CommandEnvelope.ANSWER_TO, text(address)));
      if (commands.size() == 1) {
        attributes.put(CommandEnvelope.TRACEPARENT, text(first.traceparent()));
      }
      return SendMessageBatchRequestEntry.builder()
          .id(id)
          .messageBody(body())
          .messageAttributes(attributes)
          .messageGroupId(Integer.toString(first.partner().value()))
          .build();
    }

    // A lone command is sent as it always was.
    private String body() {
      return commands.size() == 1
          ? commands.getFirst().command().message()
          : CommandEnvelope.write(
              commands.stream()
                  .map(Waiting::command)
                  .map(command -> new Enclosed(command.traceparent(), command.message()))
                  .toList());
    }

    private static MessageAttributeValue text(String value) {
      return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }
  }

  /** The way to one queue. */
  private final class Lane {
    private final String queueUrl;
    private final int together;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int calls;
    private int carried;
    private boolean gathering;

    Lane(String queueUrl, int together) {
      this.queueUrl = queueUrl;
      this.together = together;
    }

    void add(Waiting command) {
      synchronized (this) {
        waiting.add(command);
        if (gathering && !isFull()) {
          return;
        }
        if (calls == 0 && carried >= COMPANY && waiting.size() == 1) {
          gathering = true;
          soon.execute(this::gathered);
          return;
        }
      }
      call();
    }

    private void gathered() {
      synchronized (this) {
        gathering = false;
      }
      call();
    }

    private boolean isFull() {
      return waiting.size() >= Math.max(together, MOST_MESSAGES);
    }

    private void call() {
      for (var parcels = next(); !parcels.isEmpty(); parcels = next()) {
        var sending = parcels;
        callFor(sending)
            .whenComplete((answer, failure) -> {
              // Before anybody is answered, and asks again.
              synchronized (this) {
                calls--;
              }
              settle(sending, answer, failure);
              call();
            });
      }
    }

    private synchronized List<Parcel> next() {
      if (gathering && !isFull() || calls >= (isFull() ? FULL_CALLS : 1)) {
        return List.of();
      }
      var parcels = new ArrayList<Parcel>();
      var open = new HashMap<PartnerId, Parcel>();
      int bytes = 0;
      while (!waiting.isEmpty()) {
        var command = waiting.getFirst();
        if (command.sent().isDone()) { // cancelled
          waiting.removeFirst();
          continue;
        }
        var parcel = open.get(command.command().partner());
        bytes += command.bytes();
        if (parcel == null || !parcel.hasRoomFor(command, together)) {
          if (parcels.size() == MOST_MESSAGES) {
            break;
          }
          parcel = new Parcel();
        }
        if (bytes > MOST_BYTES && !parcels.isEmpty()) {
          break;
        }
        if (parcel.commands.isEmpty()) {
          parcels.add(parcel);
          open.put(command.command().partner(), parcel);
        }
        parcel.add(waiting.removeFirst());
      }
      if (!parcels.isEmpty()) {
        calls++;
        carried = parcels.stream().mapToInt(parcel -> parcel.commands.size()).sum();
      }
      return parcels;
    }

    private CompletableFuture<SendMessageBatchResponse> callFor(List<Parcel> parcels) {
      try {
        var entries = new ArrayList<SendMessageBatchRequestEntry>();
        for (var parcel : parcels) {
          entries.add(parcel.entry(Integer.toString(entries.size())));
        }
        return sqs.sendMessageBatch(call -> call.queueUrl(queueUrl).entries(entries));
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  private static void settle(
      List<Parcel> parcels,
      @Nullable SendMessageBatchResponse answer,
      @Nullable Throwable failure) {
    var reasons = new LinkedHashMap<String, String>();
    if (answer != null) {
      answer.failed().forEach(f -> reasons.put(f.id(), f.code() + ": " + f.message()));
      answer.successful().forEach(s -> reasons.put(s.id(), ""));
    }
    for (int i = 0; i < parcels.size(); i++) {
      var reason = reasons.getOrDefault(Integer.toString(i), "SQS has not answered for it");
      for (var command : parcels.get(i).commands) {
        if (failure != null) {
          command.sent().completeExceptionally(failure);
        } else if (!reason.isEmpty()) {
          command.sent().completeExceptionally(new IllegalStateException(reason));
        } else {
          command.sent().complete(null);
        }
      }
    }
  }
}
