package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The schedule's events: where they come from, how often, and that extra ones are harmless. */
@Order(0)
class ScheduleStory {
  private static final String EMAIL = "ann@example.com";
  private static final String LOCKS =
      """
      SELECT count(*)
      FROM coupon_lock l
      JOIN partner p ON p.id = l.partner_id
      WHERE p.name = ?
      """;

  private static long locks(Home home, Partner partner) {
    return home.number(LOCKS, partner.name());
  }

  private static Instant lockAll(Partner partner, int count, int seconds) {
    var codes = Partner.codes("TICK-", count);
    var book = partner.bookOf(codes, "lockSeconds", seconds);
    var until = Instant.EPOCH;
    for (var code : codes) {
      partner.assignCode(book, code, EMAIL).is(200);
      until = Instant.parse(partner.lock(code, EMAIL).is(200).text("lockedUntil"));
    }
    return until;
  }

  @Test
  @PlaysIn(
      value = HomeKind.LOCALSTACK,
      because = "The embedded home's timer is ours; what is shown here is a rule that is not.")
  void the_rule_fires_by_itself_and_the_sweep_removes_expired_locks(
      Partner partner, Home home, TestInfo test) {
    var until = lockAll(partner, 1, 1);

    await("the rule, and the sweep it starts")
        // The first event of a new rule comes after a minute.
        .atMost(Duration.ofSeconds(130))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> locks(home, partner) == 0);

    System.out.printf(
        "%s: freed %.1f s after its end%n",
        test.getDisplayName(), Duration.between(until, Instant.now()).toMillis() / 1e3);
  }

  @Test
  void the_same_event_five_times_at_once_has_the_effect_of_one(Partner partner, Home home) {
    lockAll(partner, 3, 1);
    var lasting = partner.bookOf(Partner.codes("LAST-", 1));
    partner.assignCode(lasting, Partner.codes("LAST-", 1).getFirst(), EMAIL).is(200);
    partner.lock(Partner.codes("LAST-", 1).getFirst(), EMAIL).is(200);

    await("three locks to be over, and five events for them")
        .atMost(Duration.ofSeconds(100))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 5; i++) {
              senders.submit(home::sweepIsDue);
            }
          }
          return locks(home, partner) == 1;
        });

    assertThat(partner.count(lasting, "locked")).isEqualTo(1);
  }
}
