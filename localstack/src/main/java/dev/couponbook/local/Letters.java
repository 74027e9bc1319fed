package dev.couponbook.local;

import dev.couponbook.json.Json;
import dev.couponbook.local.SqsClient.Outgoing;
import dev.couponbook.local.SqsClient.Received;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The letters of one queue of dead letters, as an operator handles them: looked at where they are,
 * or sent back to the queue from which they came.
 */
public final class Letters {
  /**
   * The attribute of a letter that was sent back: who sent it, why and when, and which letter of
   * which queue it was, as JSON. A letter that comes back once more has that of the last time.
   */
  public static final String REDRIVEN = "couponbook.redriven";

  /** How many attributes SQS lets a message have. */
  private static final int MOST_ATTRIBUTES = 10;

  // If we die with letters in hand, others see them again after this time; long enough for ten
  // thousand letters.
  private static final int HIDDEN_SECONDS = 30;

  // The programs look through the letters of their queues too, and have them in hand meanwhile.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SqsClient client;
  private final String dead;
  private final String source;
  private final int hiddenSeconds;

  /**
   * @param dead the queue of dead letters
   * @param source where its letters came from
   */
  public Letters(SqsClient client, String dead, String source) {
    this(client, dead, source, HIDDEN_SECONDS);
  }

  /**
   * @param hiddenSeconds how long others do not see a letter that we have in hand when we die
   */
  Letters(SqsClient client, String dead, String source, int hiddenSeconds) {
    this.client = client;
    this.dead = dead;
    this.source = source;
    this.hiddenSeconds = hiddenSeconds;
  }

  /**
   * What was found.
   *
   * @param inOtherHands how many letters somebody else had in hand all the time
   */
  public record Seen(List<Received> letters, long inOtherHands) {}

  /**
   * Looks at letters and leaves them where they are; each look counts as a receive.
   *
   * @param most how many at most
   * @throws IOException if the queues do not answer; the letters are visible again after half a
   *     minute
   */
  public Seen look(int most) throws IOException {
    var hand = new Hand();
    try {
      hand.take(letter -> {
        hand.keep(letter);
        return hand.kept.size() < most;
      });
      return new Seen(hand.kept.values().stream().limit(most).toList(), hand.inOtherHands);
    } finally {
      hand.giveBack();
    }
  }

  /** Who sends letters back, and why. */
  public record Order(String who, String why, Instant at) {}

  /** Where it is taken down that a letter is about to be sent back. */
  @FunctionalInterface
  public interface Journal {
    void write(Received letter) throws IOException;
  }

  /**
   * What was sent back.
   *
   * @param letters the ids that they had as dead letters; as messages they have new ones
   * @param inOtherHands how many letters somebody else had in hand all the time
   */
  public record Moved(List<String> letters, long inOtherHands) {}

  /**
   * Sends letters back, each with its attributes and its group. A letter is recorded, then sent,
   * then deleted: if this ends in between it is in both queues, and the message takes effect once
   * all the same.
   *
   * @param which the letters to send back
   * @param most stops when so many have been sent back
   * @throws IOException if the queues do not answer, or the journal cannot be written
   */
  public Moved redrive(Predicate<Received> which, int most, Order order, Journal journal)
      throws IOException {
    var hand = new Hand();
    var moved = new LinkedHashMap<String, Received>();
    try {
      hand.take(letter -> {
        if (moved.containsKey(letter.id())) {
          // SQS may deliver a message once more although it was deleted.
          client.delete(dead, letter);
        } else if (which.test(letter)) {
          journal.write(letter);
          client.send(source, outgoing(letter, order));
          moved.put(letter.id(), letter);
          client.delete(dead, letter);
        } else {
          hand.keep(letter);
        }
        return moved.size() < most;
      });
      return new Moved(List.copyOf(moved.keySet()), hand.inOtherHands);
    } finally {
      hand.giveBack();
    }
  }

  // What a letter has is kept, if need be at the cost of what we would add.
  private Outgoing outgoing(Received letter, Order order) {
    var attributes = letter.content().attributes().deepCopy();
    attributes.remove(REDRIVEN);
    if (attributes.size() < MOST_ATTRIBUTES) {
      var note = new LinkedHashMap<String, Object>();
      note.put("who", order.who());
      note.put("why", order.why());
      note.put("at", order.at().toString());
      note.put("from", dead);
      note.put("letter", letter.id());
      attributes
          .putObject(REDRIVEN)
          .put("DataType", "String")
          .put("StringValue", Json.mapper().writeValueAsString(note));
    }
    return new Outgoing(
        letter.body(), attributes, letter.content().group(), letter.content().traceHeader());
  }

  /** The letters that are hidden from others because we have received them. */
  private final class Hand {
    private final Map<String, Received> kept = new LinkedHashMap<>();
    private final List<Received> received = new ArrayList<>();
    private long inOtherHands;

    /** What to do with a letter. */
    interface Each {
      /** Returns whether to go on to the next one. */
      boolean letter(Received letter) throws IOException;
    }

    /** Receives until nothing is left, or only what others keep in hand. */
    void take(Each each) throws IOException {
      var deadline = Instant.now().plus(PATIENCE);
      while (true) {
        received.addAll(client.receive(dead, hiddenSeconds));
        if (received.isEmpty()) {
          var depth = client.depth(dead);
          inOtherHands = Math.max(0, depth.inHand() - kept.size());
          boolean nothingToCome = depth.waiting() == 0 && inOtherHands == 0;
          if (nothingToCome || Instant.now().isAfter(deadline)) {
            return;
          }
          Pause.millis(50);
        }
        while (!received.isEmpty()) {
          if (!each.letter(received.removeFirst())) {
            return;
          }
        }
      }
    }

    /** Keeps it in hand to the end; received once more, it has a new handle. */
    void keep(Received letter) {
      kept.put(letter.id(), letter);
    }

    void giveBack() {
      received.forEach(this::keep);
      try {
        for (var letter : kept.values()) {
          client.giveBack(dead, letter);
        }
      } catch (IOException e) {
        // Then they are visible again a little later.
      }
    }
  }
}
