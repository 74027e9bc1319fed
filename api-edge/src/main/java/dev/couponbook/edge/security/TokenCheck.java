package dev.couponbook.edge.security;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.couponbook.edge.problem.ProblemCause;
import dev.couponbook.edge.security.VerifiedTokens.Verified;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token is an access token of our issuer and still valid (RFC 7519, RFC 8725). The
 * algorithms are fixed here; what the token says about itself is only compared.
 *
 * <p>A signature is verified once per token and key; key and time are checked on every call.
 */
@Singleton
final class TokenCheck {
  static final int MAX_LENGTH = 8 * 1024;
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final Set<String> TYPES = Set.of("JWT", "AT+JWT");
  // Clocks of issuer and edge may differ; an expired token gets no such grace.
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private final TokenSettings settings;
  private final SigningKeys keys;
  private final Clock clock;
  private final VerifiedTokens verified;

  @Inject
  TokenCheck(TokenSettings settings, SigningKeys keys) {
    this(settings, keys, Clock.systemUTC(), new VerifiedTokens(Clock.systemUTC()));
  }

  TokenCheck(TokenSettings settings, SigningKeys keys, Clock clock, VerifiedTokens verified) {
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
    this.verified = verified;
  }

  /** What a valid token proves. */
  record Proof(String client, Set<Scope> scopes) {}

  /**
   * @return whose the token is, and what it allows
   * @throws BadTokenException if the token is not valid
   * @throws SigningKeys.IssuerAwayException if there are no keys to check it with
   */
  Proof proofOf(String token) throws BadTokenException {
    if (token.length() > MAX_LENGTH) {
      throw new BadTokenException("the token has more than 8 KiB");
    }
    var known = verified.find(token);
    if (known.isPresent() && isOfCurrentKey(known.get())) {
      requireNow(known.get());
      return known.get().proof();
    }
    var fresh = verify(token);
    requireNow(fresh);
    verified.keep(token, fresh);
    return fresh.proof();
  }

  // By identity: keys that are fetched again are new objects, and each token is verified anew. So
  // a key that the issuer has removed or replaced proves nothing any more.
  private boolean isOfCurrentKey(Verified known) {
    return keys.find(known.keyId()).filter(key -> key == known.key()).isPresent();
  }

  private Verified verify(String token) throws BadTokenException {
    requireCanonical(token);
    var jwt = parsed(token);
    var key = requireSignature(jwt);
    var claims = claims(jwt);
    try {
      requireClaims(claims);
      var scope = claims.getStringClaim("scope");
      return new Verified(
          jwt.getHeader().getKeyID(),
          key,
          validFrom(claims),
          requireExpiry(claims),
          new Proof(
              requireText(claims, "client_id"), scope == null ? Set.of() : Scope.parse(scope)));
    } catch (ParseException | IllegalArgumentException e) {
      throw new BadTokenException("a claim of the token is of the wrong type");
    }
  }

  // The library throws other exceptions as well, at JSON that is no object, such as null.
  private static SignedJWT parsed(String token) throws BadTokenException {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) {
      throw new BadTokenException("the token is not a signed JWT");
    }
  }

  private static JWTClaimsSet claims(SignedJWT jwt) throws BadTokenException {
    try {
      return requireNonNull(jwt.getJWTClaimsSet());
    } catch (ParseException | RuntimeException e) {
      throw new BadTokenException("the token's payload is not a set of claims");
    }
  }

  // Base64 can spell the same bytes in several ways. A token must have only one spelling, or it
  // could fool logs and caches.
  private static void requireCanonical(String token) throws BadTokenException {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new BadTokenException("the token is not a signed JWT");
    }
    for (var part : parts) {
      try {
        var bytes = Base64.getUrlDecoder().decode(part);
        if (part.isEmpty()
            || !Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
          throw new BadTokenException("the token is not base64url");
        }
      } catch (IllegalArgumentException e) {
        throw new BadTokenException("the token is not base64url");
      }
    }
  }

  private JWSVerifier requireSignature(SignedJWT jwt) throws BadTokenException {
    var header = jwt.getHeader();
    if (!ALGORITHMS.contains(header.getAlgorithm()) || header.getKeyID() == null) {
      throw new BadTokenException("the token must be signed with RS256 or ES256 and name its key");
    }
    if (hasUnknownDemands(header)) {
      throw new BadTokenException("the token's header asks for what is not supported");
    }
    var verifier =
        keys.find(header.getKeyID())
            .orElseThrow(() -> new BadTokenException("the token's key is not the issuer's"));
    if (!isSigned(jwt, verifier)) {
      throw new BadTokenException("the token's signature does not hold");
    }
    return verifier;
  }

  private static boolean hasUnknownDemands(JWSHeader header) {
    return header.getCriticalParams() != null
        || !header.isBase64URLEncodePayload()
        || (header.getType() != null
            && !TYPES.contains(header.getType().getType().toUpperCase(Locale.ROOT)));
  }

  private static boolean isSigned(SignedJWT jwt, JWSVerifier verifier) {
    try {
      return verifier.supportedJWSAlgorithms().contains(jwt.getHeader().getAlgorithm())
          && jwt.verify(verifier);
    } catch (JOSEException e) {
      return false;
    }
  }

  private void requireClaims(JWTClaimsSet claims) throws BadTokenException, ParseException {
    if (!settings.issuer().equals(claims.getIssuer())) {
      throw new BadTokenException("the token is another issuer's");
    }
    if (!"access".equals(claims.getStringClaim("token_use"))) {
      throw new BadTokenException("the token is not an access token");
    }
  }

  private void requireNow(Verified token) throws BadTokenException {
    var now = clock.instant();
    if (!token.until().isAfter(now)) {
      throw new BadTokenException(ProblemCause.TOKEN_EXPIRED, "the token has expired");
    }
    if (token.from().isAfter(now.plus(CLOCK_SKEW))) {
      throw new BadTokenException(ProblemCause.TOKEN_NOT_YET_VALID, "the token is not valid yet");
    }
  }

  private static Instant requireExpiry(JWTClaimsSet claims) throws BadTokenException {
    if (claims.getExpirationTime() == null) {
      throw new BadTokenException("the token does not say when it expires");
    }
    return claims.getExpirationTime().toInstant();
  }

  private static Instant validFrom(JWTClaimsSet claims) {
    var notBefore = orEpoch(claims.getNotBeforeTime());
    var issued = orEpoch(claims.getIssueTime());
    return notBefore.isAfter(issued) ? notBefore : issued;
  }

  private static Instant orEpoch(@Nullable Date time) {
    return time == null ? Instant.EPOCH : time.toInstant();
  }

  private static String requireText(JWTClaimsSet claims, String name)
      throws BadTokenException, ParseException {
    var value = claims.getStringClaim(name);
    if (value == null || value.isEmpty()) {
      throw new BadTokenException("the token has no " + name);
    }
    return value;
  }
}
