package dev.couponbook.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.edge.Issuer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered of a token never outlives what it rests on: its time and its key. */
class TokenCheckTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SettableClock clock = new SettableClock();
  private final Issuer issuer = new Issuer(0);
  private final TokenSettings settings =
      new TokenSettings(URI.create(issuer.keysAddress()), issuer.name());
  private final SigningKeys keys = new SigningKeys(settings, nanos::get);
  private final VerifiedTokens verified = new VerifiedTokens(clock);
  private final TokenCheck check = new TokenCheck(settings, keys, clock, verified);

  @AfterEach
  void close() {
    keys.close();
    issuer.close();
  }

  @Test
  void a_valid_token_is_remembered_and_proves_the_same_again() throws Exception {
    var token = issuer.token("acme");
    var proof = check.proofOf(token);
    assertThat(proof.client()).isEqualTo("acme");
    assertThat(check.proofOf(token)).isSameAs(proof);
    assertThat(verified.size()).isEqualTo(1);
  }

  @Test
  void an_invalid_token_is_not_remembered() {
    var now = clock.instant();
    for (var bad :
        new String[] {
          "abc",
          issuer.token("acme") + "=",
          issuer.token("acme", Issuer.newKey("first"), claims -> {}),
          issuer.token("acme", claims -> claims.issuer("http://127.0.0.1:1")),
          issuer.token("acme", claims -> claims.claim("token_use", "id")),
          issuer.token("acme", claims -> claims.expirationTime(Date.from(now.minusSeconds(1)))),
          issuer.token("acme", claims -> claims.notBeforeTime(Date.from(now.plusSeconds(90))))
        }) {
      assertRefused(bad, "the token");
    }
    assertThat(verified.size()).isZero();
  }

  @Test
  void a_remembered_token_expires_to_the_second() throws Exception {
    var until = clock.instant().plusSeconds(600);
    var token = issuer.token("acme", claims -> claims.expirationTime(Date.from(until)));
    check.proofOf(token);
    clock.set(until.minusMillis(1));
    check.proofOf(token);
    clock.set(until);
    assertRefused(token, "the token has expired");
  }

  @Test
  void a_remembered_token_is_not_valid_before_its_time_where_the_clock_goes_back()
      throws Exception {
    var from = clock.instant();
    var token = issuer.token("acme", claims -> claims.notBeforeTime(Date.from(from)));
    check.proofOf(token);
    clock.set(from.minusSeconds(60));
    assertRefused(token, "the token is not valid yet");
  }

  @Test
  void a_remembered_token_falls_with_its_key() throws Exception {
    var old = issuer.token("acme");
    check.proofOf(old);
    issuer.rotate("second");
    check.proofOf(old);
    pass(Duration.ofSeconds(61)); // then the new key's id asks for the keys
    check.proofOf(issuer.token("acme"));
    assertRefused(old, "the token's key is not the issuer's");
  }

  @Test
  void a_remembered_token_falls_with_its_key_though_nobody_uses_the_new_one() throws Exception {
    var old = issuer.token("acme");
    check.proofOf(old);
    issuer.rotate("second");
    pass(Duration.ofMinutes(10).plusSeconds(1)); // then any token asks for the keys
    var patience = Instant.now().plusSeconds(10);
    while (holds(old)) {
      assertThat(Instant.now()).as("the keys are fetched behind the request").isBefore(patience);
    }
    assertRefused(old, "the token's key is not the issuer's");
  }

  @Test
  void another_key_of_the_same_name_does_not_inherit_what_the_old_one_proved() throws Exception {
    var old = issuer.token("acme");
    check.proofOf(old);
    issuer.rotate("first");
    pass(Duration.ofSeconds(61));
    assertRefused(issuer.token("acme", Issuer.newKey("unknown"), claims -> {}), "the token's key");
    assertRefused(old, "the token's signature does not hold");
    check.proofOf(issuer.token("acme"));
  }

  @Test
  void a_remembered_token_needs_its_key_while_the_issuer_is_away() throws Exception {
    var token = issuer.token("acme", claims -> claims.expirationTime(inDays(9)));
    check.proofOf(token);
    issuer.close();
    pass(Duration.ofHours(25));
    assertThatThrownBy(() -> check.proofOf(token))
        .isInstanceOf(SigningKeys.IssuerAwayException.class);
  }

  private Date inDays(int days) {
    return Date.from(clock.instant().plus(Duration.ofDays(days)));
  }

  private boolean holds(String token) {
    try {
      check.proofOf(token);
      return true;
    } catch (BadTokenException e) {
      return false;
    }
  }

  private void assertRefused(String token, String sentence) {
    assertThatThrownBy(() -> check.proofOf(token))
        .isInstanceOf(BadTokenException.class)
        .hasMessageStartingWith(sentence);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Says what it was set to; whole seconds, as tokens have them. */
  private static final class SettableClock extends Clock {
    private Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());

    void set(Instant instant) {
      now = instant;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("nobody asks for another zone");
    }
  }
}
