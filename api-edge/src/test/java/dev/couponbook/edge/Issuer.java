package dev.couponbook.edge;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Issues tokens and serves its keys, as a real issuer would. */
public final class Issuer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile RSAKey key = newKey("first");
  private volatile @Nullable String set;

  public Issuer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/.well-known/jwks.json",
        exchange -> {
          asked.incrementAndGet();
          var served = set;
          var body =
              (served == null ? new JWKSet(key.toPublicJWK()).toString() : served)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  public static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String keysAddress() {
    return name() + "/.well-known/jwks.json";
  }

  public int timesAsked() {
    return asked.get();
  }

  /** From now on tokens are signed with a new key, and only that one is served. */
  public void rotate(String id) {
    key = newKey(id);
  }

  /**
   * From now on this text is served in place of the keys.
   *
   * @param text {@code KEY} in it stands for the key that tokens are signed with
   */
  public void serve(String text) {
    set = text.replace("KEY", key.toPublicJWK().toJSONString());
  }

  public String token(String client) {
    return token(client, claims -> {});
  }

  /** Signs any header and payload, whether they are a token's or not. */
  public String sign(String header, String payload) {
    var input = encoded(header) + "." + encoded(payload);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.toPrivateKey());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return Base64URL.encode(text).toString();
  }

  /** A token that holds, but for what the change makes of its claims. */
  public String token(String client, Consumer<JWTClaimsSet.Builder> change) {
    return token(client, key, change);
  }

  public String token(String client, RSAKey signer, Consumer<JWTClaimsSet.Builder> change) {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(name())
            .subject(client)
            .claim("client_id", client)
            .claim("token_use", "access")
            .claim("scope", "coupons/all")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(3600)));
    change.accept(claims);
    try {
      var jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(signer.getKeyID()).build(),
              claims.build());
      jwt.sign(new RSASSASigner(signer));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
