package dev.couponbook.edge.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.couponbook.json.Json;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The issuer's public keys, from its one address and from nowhere else. A token's key id is looked
 * up in memory; when the keys are fetched does not depend on tokens, except that an unknown id asks
 * for them again, once a minute at most.
 *
 * <p>While the issuer is away, the keys that we have go on for a day. Until the next fetch a key is
 * the same object, which is what {@link VerifiedTokens} depends on.
 *
 * <p>Nimbus has parts for this ({@code JWKSourceBuilder}), but they promise less. They ask twice a
 * minute for unknown ids, and failures count against that limit: after two of them, an issuer that
 * comes back is not seen for a minute. Around those parts, our promises took more code than this.
 */
@Singleton
final class SigningKeys {
  // Issuers rotate within weeks, and an unknown id is asked for at once.
  private static final Duration REFRESH_AHEAD = Duration.ofMinutes(10);
  private static final Duration UNKNOWN_KEY_PAUSE = Duration.ofMinutes(1);
  private static final Duration FAILURE_PAUSE = Duration.ofSeconds(2);
  private static final Duration KEPT_WITHOUT_ISSUER = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofMillis(1_500);
  private static final int MAX_BYTES = 512 * 1024;
  private static final int MIN_RSA_BITS = 2048;
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

  private final TokenSettings settings;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ReentrantLock fetching = new ReentrantLock();

  private final LongSupplier nanos;
  private volatile @Nullable Fetched keys;
  private volatile long failedAt;
  // Odd keys of the last set, which are logged once. Guarded by fetching.
  private Set<String> passedOver = Set.of();

  /** Keys by id, and when they came. */
  private record Fetched(Map<String, JWSVerifier> byId, long at) {}

  /** The issuer does not answer, and we have no keys that are young enough. */
  static final class IssuerAwayException extends RuntimeException {
    IssuerAwayException(String message) {
      super(message);
    }
  }

  @Inject
  SigningKeys(TokenSettings settings) {
    this(settings, System::nanoTime);
  }

  SigningKeys(TokenSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
    this.failedAt = nanos.getAsLong() - FAILURE_PAUSE.toNanos();
  }

  /**
   * The key of that id.
   *
   * @throws IssuerAwayException if no keys could be fetched yet, or for a day
   */
  Optional<JWSVerifier> find(String id) {
    var known = keys;
    if (known == null || isOlder(known, KEPT_WITHOUT_ISSUER)) {
      known = fetch(known);
    } else if (isOlder(known, REFRESH_AHEAD)) {
      refreshBehind(known);
    } else if (!known.byId.containsKey(id) && isOlder(known, UNKNOWN_KEY_PAUSE)) {
      known = fetch(known);
    }
    if (known == null) {
      throw new IssuerAwayException("no keys from " + settings.keys());
    }
    return Optional.ofNullable(known.byId.get(id));
  }

  // The first caller need not wait for it; if the issuer is away, it is asked again with a token.
  @EventListener
  void fetchAhead(ServerStartupEvent started) {
    Thread.ofVirtual().name("fetch-keys").start(() -> fetch(null));
  }

  private boolean isOlder(Fetched fetched, Duration age) {
    return nanos.getAsLong() - fetched.at > age.toNanos();
  }

  private void refreshBehind(Fetched known) {
    if (!fetching.isLocked()) {
      Thread.ofVirtual().name("refresh-keys").start(() -> fetch(known));
    }
  }

  // One fetch at a time; a caller that waited for it takes what it brought.
  private @Nullable Fetched fetch(@Nullable Fetched stale) {
    fetching.lock();
    try {
      if (keys != stale || nanos.getAsLong() - failedAt < FAILURE_PAUSE.toNanos()) {
        return usable();
      }
      keys = new Fetched(verifiers(download()), nanos.getAsLong());
      LOG.info("{} signing keys from {}", keys.byId.size(), settings.keys());
    } catch (IOException e) {
      failedAt = nanos.getAsLong();
      LOG.warn("no signing keys from {}: {}", settings.keys(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      fetching.unlock();
    }
    return usable();
  }

  private @Nullable Fetched usable() {
    var known = keys;
    return known == null || isOlder(known, KEPT_WITHOUT_ISSUER) ? null : known;
  }

  private List<JWK> download() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(settings.keys()).timeout(PATIENCE).GET().build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (var body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return keys(new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    }
  }

  // RFC 7517, 5: "Implementations SHOULD ignore JWKs within a JWK Set that use "kty" (key type)
  // values that are not understood by them, that are missing required members, or for which values
  // are out of the supported ranges." The library's own parser gives the whole set up.
  private List<JWK> keys(String set) throws IOException {
    var keys = new ArrayList<JWK>();
    var odd = new HashSet<String>();
    try {
      var members = Json.mapper().readTree(set).path("keys");
      if (!members.isArray()) {
        throw new IOException("not a set of keys");
      }
      for (var member : members) {
        try {
          keys.add(JWK.parse(member.toString()));
        } catch (ParseException | RuntimeException e) {
          odd.add(e.toString());
        }
      }
    } catch (JacksonException e) {
      throw new IOException("not a set of keys");
    }
    odd.stream()
        .filter(fault -> !passedOver.contains(fault))
        .forEach(fault -> LOG.warn("passing over a signing key: {}", fault));
    passedOver = odd;
    return keys;
  }

  private static Map<String, JWSVerifier> verifiers(List<JWK> keys) {
    var verifiers = new HashMap<String, JWSVerifier>();
    for (var key : keys) {
      var id = key.getKeyID();
      if (id == null || key.getKeyUse() == KeyUse.ENCRYPTION) {
        continue;
      }
      try {
        var verifier = verifier(key);
        if (verifier != null && verifiers.putIfAbsent(id, verifier) != null) {
          LOG.warn("two signing keys have one id; the first counts");
        }
      } catch (JOSEException | RuntimeException e) {
        LOG.warn("a signing key cannot be used: {}", e.getMessage());
      }
    }
    return verifiers;
  }

  // Public keys only: a symmetric key in a public set would let anybody sign.
  private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa when rsa.size() >= MIN_RSA_BITS -> new RSASSAVerifier(rsa.toRSAPublicKey());
      case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
      default -> null;
    };
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }
}
