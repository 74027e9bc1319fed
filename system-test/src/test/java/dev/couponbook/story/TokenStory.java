package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.AttackTable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The token is checked before anything else, and it is either good or bad. */
class TokenStory {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("tokens, in the home");

  private static Answer with(Home home, String method, String path, String... authorization) {
    var request =
        HttpRequest.newBuilder(URI.create(home.edge() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "not even JSON"));
    for (var header : authorization) {
      request.header("Authorization", header);
    }
    return Answer.of(request.build());
  }

  private static void assertRefused(Answer answer, String what) {
    ATTACKS.row(what, 401, answer.status() + " " + answer.text("error"));
    assertThat(answer.status()).as(what).isEqualTo(401);
    answer.isProblem(401);
    assertThat(answer.header("WWW-Authenticate")).as(what).startsWith("Bearer");
    assertThat(answer.header("Content-Type")).as(what).startsWith("application/problem+json");
  }

  private static Map<String, Object> but(Map<String, Object> claims, String name, Object value) {
    var changed = new LinkedHashMap<>(claims);
    changed.put(name, value);
    return changed;
  }

  private static Map<String, Object> without(Map<String, Object> claims, String name) {
    var changed = new LinkedHashMap<>(claims);
    changed.remove(name);
    return changed;
  }

  @Test
  void a_bad_token_is_refused_before_anything_else_is_looked_at(Partner partner, Home home) {
    var tokens = home.tokens();
    var header = tokens.header();
    var claims = tokens.claims(partner.name());
    long now = Instant.now().getEpochSecond();
    var good = tokens.access(partner.name());
    var bad = new LinkedHashMap<String, String>();
    bad.put("empty", "");
    bad.put("no JWT", "abc");
    bad.put("expired", tokens.signed(header, but(claims, "exp", now - 1)));
    bad.put("without an end", tokens.signed(header, without(claims, "exp")));
    bad.put("of the future", tokens.signed(header, but(claims, "nbf", now + 600)));
    bad.put("of another key", tokens.signedByAnother(header, claims));
    bad.put("of an unknown key", tokens.signed(but(header, "kid", "other"), claims));
    bad.put("alg none", Tokens.unsigned(but(header, "alg", "none"), claims) + ".");
    bad.put("alg none, signed", tokens.signed(but(header, "alg", "none"), claims));
    bad.put("alg HS256", tokens.signed(but(header, "alg", "HS256"), claims));
    bad.put("with demands", tokens.signed(but(header, "crit", List.of("exp")), claims));
    bad.put("of another issuer", tokens.signed(header, but(claims, "iss", "http://evil.example")));
    bad.put("an ID token", tokens.signed(header, but(claims, "token_use", "id")));
    bad.put("without a client", tokens.signed(header, without(claims, "client_id")));
    bad.put("of no partner", tokens.access("nobody-knows-me"));
    bad.put("tampered with", tampered(good));
    bad.put("padded", good + "=");
    bad.put("not canonical", notCanonical(good));
    bad.put("too long", tokens.signed(header, but(claims, "scope", "x".repeat(7_000))));

    bad.forEach((what, token) -> {
      assertRefused(with(home, "POST", "/coupons", "Bearer " + token), what + ", to act");
      assertRefused(with(home, "GET", "/requests/no-id", "Bearer " + token), what + ", to read");
    });
    with(home, "GET", "/coupons", "Bearer " + good).is(200);
  }

  // Another claim under the old signature.
  private static String tampered(String token) {
    var parts = token.split("\\.");
    var last = parts[1].charAt(parts[1].length() - 5);
    return parts[0]
        + "."
        + parts[1].substring(0, parts[1].length() - 5)
        + (last == 'A' ? 'B' : 'A')
        + parts[1].substring(parts[1].length() - 4)
        + "."
        + parts[2];
  }

  // The last character of a 2048-bit signature carries two bits without a meaning.
  private static String notCanonical(String token) {
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = token.length() - 1;
    return token.substring(0, last) + alphabet.charAt(alphabet.indexOf(token.charAt(last)) ^ 1);
  }

  @Test
  void only_one_bearer_header_counts(Partner partner, Home home) {
    var good = partner.token();

    assertRefused(with(home, "GET", "/coupons"), "none");
    assertRefused(with(home, "GET", "/coupons", "Basic " + good), "Basic");
    assertRefused(with(home, "GET", "/coupons", good), "bare");
    assertRefused(with(home, "GET", "/coupons", "Bearer " + good, "Bearer " + good), "two");
    assertRefused(with(home, "GET", "/coupons?access_token=" + good), "in the query");
  }

  @Test
  void every_route_of_the_description_asks_for_a_token(Home home) {
    var open = List.of("/health/liveness", "/health/readiness");
    var routes = OpenApiStory.routes(home);

    assertThat(routes).hasSizeGreaterThan(15);
    for (var route : routes) {
      // A route by a book and a verb takes nothing else for its book than an id.
      var path =
          route
              .path()
              .replace("{bookId}", UUID.randomUUID().toString())
              .replaceAll("\\{[^}]*}", "x");
      var answer = with(home, route.method(), path);
      if (open.contains(path)) {
        answer.is(200);
      } else {
        assertRefused(answer, route.toString());
      }
    }
  }
}
