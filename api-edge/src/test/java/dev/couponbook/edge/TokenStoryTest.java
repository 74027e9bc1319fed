package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.couponbook.testing.AttackTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever has no good token learns nothing, and not by an error of ours either. */
class TokenStoryTest {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("tokens");

  private final RunningEdge running = RunningEdge.shared();
  private final Issuer issuer = running.surroundings.issuer;

  @Test
  void a_valid_token_is_accepted() {
    assertThat(running.acme().get("/coupons").status()).isEqualTo(200);
  }

  @Test
  void each_bad_token_is_401_and_says_so_in_www_authenticate() {
    badTokens()
        .forEach((what, token) -> {
          var answer = new Client(running.edge.address(), token).get("/coupons");
          row(what, 401, answer);
          assertThat(answer.status()).as(what).isEqualTo(401);
          assertThat(answer.header("WWW-Authenticate")).as(what).startsWith("Bearer ");
          assertThat(answer.header("Content-Type")).as(what).isEqualTo("application/problem+json");
          assertThat(answer.at("/code")).as(what).isEqualTo("unauthorized");
        });
  }

  private Map<String, String> badTokens() {
    var good = issuer.token("acme");
    var parts = good.split("\\.");
    var bad = new LinkedHashMap<String, String>();
    bad.put("no JWT", "abc");
    bad.put("empty", "");
    bad.put("two parts", parts[0] + "." + parts[1]);
    bad.put("five parts", "a.b.c.d.e");
    bad.put("no signature", parts[0] + "." + parts[1] + ".");
    bad.put("other payload", parts[0] + "." + part("{\"client_id\":\"other\"}") + "." + parts[2]);
    bad.put("alg none", part("{\"alg\":\"none\"}") + "." + parts[1] + ".");
    bad.put(
        "alg none, signature kept",
        part("{\"alg\":\"none\",\"kid\":\"first\"}") + "." + parts[1] + "." + parts[2]);
    bad.put(
        "alg HS256",
        part("{\"alg\":\"HS256\",\"kid\":\"first\"}") + "." + parts[1] + "." + parts[2]);
    bad.put(
        "alg RS512",
        part("{\"alg\":\"RS512\",\"kid\":\"first\"}") + "." + parts[1] + "." + parts[2]);
    bad.put(
        "alg ES256 with an RSA key",
        part("{\"alg\":\"ES256\",\"kid\":\"first\"}") + "." + parts[1] + "." + parts[2]);
    bad.put(
        "crit",
        part("{\"alg\":\"RS256\",\"kid\":\"first\",\"crit\":[\"x\"],\"x\":1}")
            + "."
            + parts[1]
            + "."
            + parts[2]);
    bad.put("no kid", part("{\"alg\":\"RS256\"}") + "." + parts[1] + "." + parts[2]);
    bad.put(
        "duplicate member",
        part("{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"first\"}")
            + "."
            + parts[1]
            + "."
            + parts[2]);
    bad.put("padding", good + "=");
    bad.put("signature not canonical", notCanonical(good));
    bad.put("over 8 KiB", issuer.token("acme", c -> c.claim("x", "y".repeat(8_000))));
    bad.put("stranger's key, our kid", issuer.token("acme", Issuer.newKey("first"), c -> {}));
    bad.put("stranger's key", issuer.token("acme", Issuer.newKey("stranger"), c -> {}));
    bad.put("expired", with(c -> c.expirationTime(ago(1))));
    bad.put("no exp", with(c -> c.expirationTime(null)));
    bad.put("not yet", with(c -> c.notBeforeTime(ago(-120))));
    bad.put("from the future", with(c -> c.issueTime(ago(-120))));
    bad.put("other issuer", with(c -> c.issuer("http://127.0.0.1:1")));
    bad.put("no issuer", with(c -> c.issuer(null)));
    bad.put("id token", with(c -> c.claim("token_use", "id")));
    bad.put("no token_use", with(c -> c.claim("token_use", null)));
    bad.put("no client", with(c -> c.claim("client_id", null)));
    bad.put("client is no text", with(c -> c.claim("client_id", 7)));
    bad.put("unknown client", issuer.token("nobody"));
    bad.put("disabled partner", issuer.token("gone"));
    return bad;
  }

  @Test
  void header_and_payload_of_any_json_make_a_bad_token_and_never_an_error_of_ours() {
    var odd =
        List.of(
            "null",
            "true",
            "7",
            "1e999",
            "\"x\"",
            "[]",
            "[null]",
            "{}",
            "{\"\":null}",
            "nothing",
            "",
            "[".repeat(500),
            "{\"a\":" + "[".repeat(500));
    var payload =
        "{\"iss\":\""
            + issuer.name()
            + "\",\"token_use\":\"access\",\"exp\":4102444800,\"client_id\":\"acme\"}";
    for (var part : odd) {
      refused("header " + part, issuer.sign(part, payload));
      refused("payload " + part, issuer.sign("{\"alg\":\"RS256\",\"kid\":\"first\"}", part));
    }
    assertThat(
            new Client(
                    running.edge.address(),
                    issuer.sign("{\"alg\":\"RS256\",\"kid\":\"first\"}", payload))
                .get("/health/liveness")
                .status())
        .isEqualTo(200);
    for (var member :
        List.of(
            "alg",
            "kid",
            "typ",
            "cty",
            "crit",
            "b64",
            "jku",
            "jwk",
            "x5u",
            "x5c",
            "x5t",
            "x5t#S256",
            "zip",
            "enc")) {
      for (var value :
          List.of("null", "true", "7", "\"x\"", "[]", "[null]", "[7]", "{}", "{\"kty\":null}")) {
        // A member twice is refused as well, so the good ones go first.
        var header = "{\"alg\":\"RS256\",\"kid\":\"first\",\"" + member + "\":" + value + "}";
        var status =
            new Client(running.edge.address(), issuer.sign(header, payload))
                .get("/coupons")
                .status();
        assertThat(status).as("%s: %s", member, value).isIn(401, 403);
      }
    }
    for (var claim :
        List.of(
            "iss", "token_use", "exp", "nbf", "iat", "client_id", "scope", "sub", "aud", "jti")) {
      for (var value : List.of("null", "true", "-7", "1e40", "\"x\"", "[]", "[7]", "{}")) {
        var claims = payload.replaceFirst("\"" + claim + "\":(\"[^\"]*\"|\\d+),?", "");
        var token =
            issuer.sign(
                "{\"alg\":\"RS256\",\"kid\":\"first\"}",
                claims.replaceFirst("\\{", "{\"" + claim + "\":" + value + ",").replace(",}", "}"));
        var status = new Client(running.edge.address(), token).get("/coupons").status();
        assertThat(status).as("%s: %s", claim, value).isIn(401, 403);
      }
    }
  }

  private void refused(String what, String token) {
    var answer = new Client(running.edge.address(), token).get("/coupons");
    row(what.length() > 30 ? what.substring(0, 30) + "…" : what, 401, answer);
    assertThat(answer.status()).as(what).isEqualTo(401);
    assertThat(answer.at("/code")).as(what).isEqualTo("unauthorized");
  }

  @Test
  void only_one_authorization_header_with_a_bearer_token_counts() {
    var token = issuer.token("acme");
    var nobody = running.nobody();
    var bearer = "Bearer " + token;
    var wrong = new LinkedHashMap<String, String[]>();
    wrong.put("in the query alone", new String[] {});
    wrong.put("as Basic", new String[] {"Authorization", "Basic " + token});
    wrong.put("without a scheme", new String[] {"Authorization", token});
    wrong.put("twice", new String[] {"Authorization", bearer, "Authorization", bearer});
    wrong.put("in a cookie", new String[] {"Cookie", "access_token=" + token});
    wrong.forEach((what, headers) -> {
      var answer = nobody.get("/coupons?access_token=" + token, headers);
      row("a good token " + what, 401, answer);
      assertThat(answer.status()).as(what).isEqualTo(401);
    });
    assertThat(nobody.get("/coupons", "Authorization", "bearer " + token).status()).isEqualTo(200);
  }

  @Test
  void a_token_is_asked_for_before_the_body_the_type_the_id_or_the_method_is_looked_at() {
    var nobody = running.nobody();
    assertThat(nobody.post("/coupons", "{").status()).isEqualTo(401);
    assertThat(nobody.post("/coupons", "x", "Content-Type", "text/plain").status()).isEqualTo(401);
    assertThat(nobody.get("/coupons/x").status()).isEqualTo(401);
    assertThat(nobody.send("DELETE", "/coupons", null).status()).isEqualTo(401);
    assertThat(nobody.get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void a_route_asks_for_the_scope_of_its_class() {
    var book = RunningEdge.BOOK;
    var routes =
        Map.of(
            "coupons:read", "GET /requests/x",
            "coupons:write", "POST /coupons",
            "coupons:redeem", "POST /coupons/lock/x",
            "coupons:upload", "POST /coupons/codes/uploads");
    routes.forEach((scope, route) -> {
      var call = route.split(" ");
      for (var held :
          List.of("coupons:read", "coupons:write", "coupons:redeem", "coupons:upload")) {
        var client =
            new Client(running.edge.address(), with(c -> c.claim("scope", "openid " + held)));
        var answer = client.send(call[0], call[1], call[0].equals("GET") ? null : "{}");
        row(route + " with " + held, held.equals(scope) ? "400 or 404" : "403", answer);
        if (held.equals(scope)) {
          assertThat(answer.status()).as("%s with %s", route, held).isIn(400, 404);
        } else {
          assertThat(answer.status()).as("%s with %s", route, held).isEqualTo(403);
          assertThat(answer.at("/code")).isEqualTo("insufficient_scope");
          assertThat(answer.header("WWW-Authenticate"))
              .contains("error=\"insufficient_scope\"", "scope=\"" + scope + "\"");
        }
      }
    });
    assertThat(read("coupons/read", book)).isEqualTo(200);
    assertThat(read("coupons/all", book)).isEqualTo(200);
    assertThat(read("coupons:readers", book)).isEqualTo(403);
    assertThat(read("", book)).isEqualTo(403);
    assertThat(read(null, book)).isEqualTo(403);
  }

  private static void row(String what, Object expected, Client.Answer answer) {
    ATTACKS.row(what, expected, answer.status() + " " + answer.at("/error"));
  }

  private int read(@Nullable String scope, String book) {
    return new Client(running.edge.address(), with(c -> c.claim("scope", scope)))
        .get("/coupons/" + book)
        .status();
  }

  private String with(Consumer<JWTClaimsSet.Builder> change) {
    return issuer.token("acme", change);
  }

  private static Date ago(int seconds) {
    return Date.from(Instant.now().minusSeconds(seconds));
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  // 256 bytes leave two bits of the last character unused: another last character, the same bytes.
  private static String notCanonical(String token) {
    char last = token.charAt(token.length() - 1);
    return token.substring(0, token.length() - 1) + (char) (last + 1);
  }
}
