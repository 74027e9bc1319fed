package dev.couponbook.story;

import static dev.couponbook.story.Partner.json;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * The home's issuer, as a forger would like to have it: its key signs anything that a story wants.
 */
final class Tokens {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final String issuer;
  private final String keyId;
  private final PrivateKey key;

  private Tokens(String issuer, String keyId, PrivateKey key) {
    this.issuer = issuer;
    this.keyId = keyId;
    this.key = key;
  }

  static Tokens of(Home home) {
    var keys = Answer.parse(Home.fetch(home.jwks())).path("keys");
    var encoded =
        Base64.getMimeDecoder().decode(Home.read(home.data().resolve("issuer").resolve("key")));
    try {
      return new Tokens(
          home.issuer(),
          keys.path(0).path("kid").asString(),
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token as {@code ./coupons token} prints it. */
  String access(String client) {
    return signed(header(), claims(client), key);
  }

  Map<String, Object> header() {
    return json("alg", "RS256", "typ", "JWT", "kid", keyId);
  }

  Map<String, Object> claims(String client) {
    var now = Instant.now();
    return json(
        "iss",
        issuer,
        "sub",
        client,
        "client_id",
        client,
        "token_use",
        "access",
        "scope",
        "coupons/all",
        "iat",
        now.getEpochSecond(),
        "exp",
        now.plus(Duration.ofHours(2)).getEpochSecond());
  }

  String signed(Map<String, Object> header, Map<String, Object> claims) {
    return signed(header, claims, key);
  }

  /** Signed by somebody else, in the name of the home's key. */
  String signedByAnother(Map<String, Object> header, Map<String, Object> claims) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return signed(header, claims, generator.generateKeyPair().getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String unsigned(Map<String, Object> header, Map<String, Object> claims) {
    return part(header) + "." + part(claims);
  }

  private static String signed(
      Map<String, Object> header, Map<String, Object> claims, PrivateKey key) {
    var content = unsigned(header, claims);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + BASE64URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(Map<String, Object> members) {
    return BASE64URL.encodeToString(Answer.JSON.writeValueAsBytes(members));
  }
}
