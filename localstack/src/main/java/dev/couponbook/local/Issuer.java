package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The local stand-in for Cognito: one RSA key, kept in the home, signs access tokens with the same
 * claims as Cognito's.
 */
public final class Issuer {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final RSAPrivateCrtKey key;
  private final String keyId;

  private Issuer(RSAPrivateCrtKey key) {
    this.key = key;
    this.keyId = thumbprint(key);
  }

  /** Reads the home's key, which was made at its first start. */
  public static Issuer read(HomeDirectory home) {
    var file = keyFile(home);
    try {
      var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(Files.readString(file)));
      return new Issuer((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new HomeException(
          "The issuer's key " + file + " cannot be read: start the home once with ./coupons up.",
          e);
    }
  }

  /** Opens the home's key, and makes it at the first start. */
  static Issuer open(HomeDirectory home) {
    var file = keyFile(home);
    if (!Files.exists(file)) {
      try {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var encoded = generator.generateKeyPair().getPrivate().getEncoded();
        SecretFile.write(file, Base64.getMimeEncoder().encode(encoded));
      } catch (IOException | GeneralSecurityException e) {
        throw new HomeException("The issuer's key " + file + " cannot be written (" + e + ").", e);
      }
    }
    return read(home);
  }

  private static Path keyFile(HomeDirectory home) {
    return home.issuer().resolve("key");
  }

  /**
   * An access token for a partner's client.
   *
   * @param issuerUrl the claim {@code iss}, at which the programs also find the public key
   */
  public String token(String issuerUrl, String clientId, Instant now, Duration life) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuerUrl);
    claims.put("sub", clientId);
    claims.put("client_id", clientId);
    claims.put("token_use", "access");
    claims.put("scope", "coupons/all");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(life).getEpochSecond());
    var header = Map.of("alg", "RS256", "typ", "JWT", "kid", keyId);
    return sign(encoded(header) + "." + encoded(claims));
  }

  /** The public key, as programs fetch it. */
  String jwks() {
    return Json.mapper()
        .writeValueAsString(
            Map.of(
                "keys",
                List.of(
                    Map.of(
                        "kty",
                        "RSA",
                        "use",
                        "sig",
                        "alg",
                        "RS256",
                        "kid",
                        keyId,
                        "n",
                        unsigned(key.getModulus()),
                        "e",
                        unsigned(key.getPublicExponent())))));
  }

  private String sign(String content) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + BASE64URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // RFC 7638: members in this order, no blanks.
  private static String thumbprint(RSAPrivateCrtKey key) {
    var canonical =
        "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}"
            .formatted(unsigned(key.getPublicExponent()), unsigned(key.getModulus()));
    try {
      return BASE64URL.encodeToString(
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Map<String, ?> json) {
    return BASE64URL.encodeToString(
        Json.mapper().writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
  }

  private static String unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return BASE64URL.encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
  }
}
