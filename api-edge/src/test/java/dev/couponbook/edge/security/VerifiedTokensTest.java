package dev.couponbook.edge.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.couponbook.edge.Issuer;
import dev.couponbook.edge.security.VerifiedTokens.Verified;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
  private final VerifiedTokens tokens = new VerifiedTokens(Clock.systemUTC());

  @Test
  void no_more_tokens_are_kept_than_fit() throws JOSEException {
    var hour = until(Instant.now().plusSeconds(3_600));
    for (int i = 0; i < VerifiedTokens.TOKENS + 500; i++) {
      tokens.keep("token-" + i, hour);
    }
    assertThat(tokens.size()).isEqualTo(VerifiedTokens.TOKENS);
  }

  @Test
  void expired_tokens_are_dropped() throws JOSEException {
    tokens.keep("past", until(Instant.now()));
    tokens.keep("future", until(Instant.MAX));
    assertThat(tokens.find("past")).isEmpty();
    assertThat(tokens.find("future")).isPresent();
    assertThat(tokens.size()).isEqualTo(1);
  }

  private static Verified until(Instant end) throws JOSEException {
    return new Verified(
        "first",
        new RSASSAVerifier(Issuer.newKey("first").toRSAPublicKey()),
        Instant.EPOCH,
        end,
        new TokenCheck.Proof("acme", Set.of(Scope.READ)));
  }
}
