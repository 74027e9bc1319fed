package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule for the times in all bodies. */
class TimesStoryTest {
  private final RunningEdge running = RunningEdge.shared();
  private final Client acme = running.acme();

  @AfterEach
  void empty_the_queue() {
    running.surroundings.take("coupon-commands");
  }

  private Client.Answer send(String path, String members) {
    return acme.post(
        path, "{" + members.replace("BOOK", RunningEdge.BOOK).replace('\'', '"') + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/coupons               | 'bookName':'a','expiresAt':'TIME'                           | expiresAt",
        "/coupons/codes         | 'bookId':'BOOK','generated':{'amount':1,'expiration':'TIME'} | generated.expiration",
        "/coupons/codes         | 'bookId':'BOOK','generated':{'amount':5000,'expiration':'TIME'} | generated.expiration",
        "/coupons/codes         | 'bookId':'BOOK','manual':[{'code':'A'},{'code':'B','expiration':'TIME'}] | manual[1].expiration",
        "/coupons/codes         | 'bookId':'BOOK','manual':[{'code':'A','expiration':'TIME'}],'generated':{'amount':1} | manual[0].expiration",
        "/coupons/codes/uploads | 'bookId':'BOOK','fileName':'a','contentLength':1,'expiration':'TIME' | expiration",
      })
  void end_in_the_past_or_out_of_bounds_is_refused_by_its_name(
      String path, String members, String field) {
    for (var time :
        new String[] {
          "2020-01-01T00:00:00Z",
          "0001-01-01T00:00:00Z",
          "9999-12-31T23:59:59-01:00",
          "0001-01-01T00:00:00+01:00",
          "2030-01-01"
        }) {
      var answer = send(path, members.replace("TIME", time));
      assertThat(answer.status()).as("%s: %s", time, answer).isEqualTo(400);
      assertThat(answer.at("/code")).isEqualTo("invalid_value");
      assertThat(answer.at("/field")).as("%s: %s", time, answer).isEqualTo(field);
    }
    var last = send(path, members.replace("TIME", "9999-12-31T23:59:59.9999999Z"));
    assertThat(last.status()).as("%s", last).isIn(201, 202);
  }

  @Test
  void times_are_sent_on_as_they_are_kept() {
    send("/coupons", "'bookName':'a','startsAt':'0001-01-01T00:00:00.9999999Z'");
    send(
        "/coupons/codes",
        "'bookId':'BOOK','manual':[{'code':'A','expiration':'9999-12-31T23:59:59.999999999+00:30'}]");
    assertThat(running.surroundings.take("coupon-commands"))
        .extracting(message -> message.command().toString())
        .anyMatch(command -> command.contains("startsAt=0001-01-01T00:00:00.999999Z"))
        .anyMatch(command -> command.contains("expiration=9999-12-31T23:29:59.999999Z"));
    var early = send("/coupons", "'bookName':'a','startsAt':'0001-01-01T00:00:00+01:00'");
    assertThat(early.at("/field")).isEqualTo("startsAt");
  }

  @Test
  void answer_of_a_key_is_given_again_when_the_end_has_passed_since() {
    var key = UUID.randomUUID().toString();
    var body =
        "{\"bookId\":\""
            + RunningEdge.BOOK
            + "\",\"manual\":[{\"code\":\"PAST-1\",\"expiration\":\"2020-01-01T00:00:00Z\"}]}";
    assertThat(acme.post("/coupons/codes", body, "Idempotency-Key", key).status()).isEqualTo(400);
    var future = body.replace("2020", "2040");
    var kept = acme.post("/coupons/codes", future, "Idempotency-Key", key);
    assertThat(kept.status()).isEqualTo(202);
    assertThat(acme.post("/coupons/codes", future, "Idempotency-Key", key).status()).isEqualTo(202);
  }
}
