package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An operator looks at a message that failed too often, and sends it back. */
class DeadLetterStory {
  private static final String DEAD = "coupon-commands-dead";

  private static final String PARTNER = "SELECT id FROM partner WHERE name = ?";
  private static final String PARKED =
      "SELECT count(*) FROM command_outcome WHERE request_id = ? AND parked AND status = 500";
  private static final String DONE =
      "SELECT count(*) FROM command_outcome WHERE request_id = ? AND NOT parked AND status = 200";

  private static long waiting(Home home) {
    return Answer.parse(home.coupons("queues", "list", "--json").succeeds().lastLine())
        .at("/" + DEAD + "/waiting")
        .asLong(-1);
  }

  private static void failedTries(Home home, UUID request) throws SQLException {
    try (var connection = home.as("coupon_worker");
        var insert =
            connection.prepareStatement(
                "INSERT INTO command_try (request_id, tries) VALUES (?, 5)")) {
      insert.setObject(1, request);
      insert.executeUpdate();
    }
  }

  @Test
  void a_dead_letter_is_answered_then_seen_then_sent_back_and_takes_effect_once(
      Partner partner, Home home) throws SQLException {
    var book = partner.bookOf(Partner.codes("DEAD-", 2));
    var request = UUID.randomUUID();
    var command = json("kind", "assign_any", "bookId", book, "email", "ann@example.com");
    var message =
        Answer.JSON.writeValueAsString(
            json(
                "v",
                1,
                "requestId",
                request,
                "partner",
                home.number(PARTNER, partner.name()),
                "fingerprint",
                "0".repeat(64),
                "command",
                command));
    // As if a worker had failed with it again and again: otherwise it would be sent back.
    failedTries(home, request);
    home.sendMessage(DEAD, message);

    await("its answer")
        .atMost(Duration.ofSeconds(60))
        .until(() -> home.number(PARKED, request) == 1);
    await("it, to be seen").atMost(Duration.ofSeconds(30)).until(() -> waiting(home) == 1);
    var seen = home.coupons("queues", "show", DEAD).succeeds().out();
    assertThat(seen).contains(request.toString()).contains("assign_any").doesNotContain("ann@");
    // Sent back twice: the second message finds it done.
    home.sendMessage(DEAD, message);
    var moved =
        home.coupons("queues", "redrive", DEAD, "--why", "mended", "--json").succeeds().lastLine();

    assertThat(Answer.parse(moved).path("moved").asInt()).isEqualTo(2);
    assertThat(Answer.parse(moved).path("to").asString()).isEqualTo("coupon-commands");
    await("its effect").atMost(Partner.PATIENCE).until(() -> home.number(DONE, request) == 1);
    assertThat(waiting(home)).isZero();
    assertThat(partner.count(book, "assigned")).isEqualTo(1);
  }

  /** The letters of all queues that have this body: the ids by their queues. */
  private static Map<String, String> shown(Home home, String body) {
    var letters = home.coupons("queues", "show", "-n", "100", "--body", "--json").succeeds();
    var shown = new HashMap<String, String>();
    for (var letter : Answer.parse(letters.lastLine())) {
      if (letter.path("body").asString("").equals(body)) {
        shown.put(letter.path("queue").asString(), letter.path("messageId").asString());
      }
    }
    return shown;
  }

  /** All programs run, and look through the letters of their own queues meanwhile. */
  @Test
  void a_letter_that_nobody_understands_is_shown_and_goes_back_whichever_queue_it_is_in(Home home) {
    var queues = home.coupons("queues", "list", "--json").succeeds().lastLine();
    var dead =
        Answer.parse(queues).propertyNames().stream().filter(q -> q.endsWith("-dead")).toList();
    var stranger = "what is this? " + UUID.randomUUID();
    dead.forEach(queue -> home.sendMessage(queue, stranger));
    var ids =
        await("the letters")
            .atMost(Duration.ofSeconds(60))
            .until(() -> shown(home, stranger), shown -> shown.size() == dead.size());
    ids.forEach((queue, id) ->
        await("the letter of " + queue + " to go back")
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                home.coupons("queues", "redrive", queue, "--id", id, "--why", "a try").exit()
                    == 0));
    assertThat(shown(home, stranger)).isEmpty();
  }

  @Test
  void only_dead_letters_can_be_sent_back(Home home) {
    assertThat(home.coupons("queues", "redrive", "coupon-commands", "--why", "a try").exit())
        .isEqualTo(2);
    assertThat(home.coupons("queues", "show", "nothing").err()).contains(DEAD);
  }
}
