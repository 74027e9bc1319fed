package dev.couponbook.edge.security;

import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemCause;
import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.core.annotation.AnnotationMetadataProvider;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.Router;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a token before anything else of a request is looked at: body, id, content type. A path
 * without a route needs none to be answered with 404.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(RequireToken.ORDER)
final class RequireToken {
  // Ahead of every filter that asks who the caller is.
  static final int ORDER = -100;
  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"couponbook\"";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(RequireToken.class);

  private final Router router;
  private final TokenCheck tokens;
  private final Partners partners;
  private final Timer checks;

  RequireToken(Router router, TokenCheck tokens, Partners partners, MeterRegistry meters) {
    this.router = router;
    this.tokens = tokens;
    this.partners = partners;
    this.checks =
        Timer.builder("coupon.token.checks")
            .description("Checks of tokens, those that failed among them")
            .register(meters);
  }

  @RequestFilter
  @ExecuteOn(TaskExecutors.VIRTUAL)
  void requireToken(HttpRequest<?> request) {
    if (!isOpen(request)) {
      var proof = proof(request);
      var caller = caller(proof);
      RouteAttributes.getRouteInfo(request).ifPresent(route -> requireScope(route, proof));
      caller.attachTo(request);
    }
  }

  // RFC 6750, 3.1: insufficient_scope is 403, and may name the scope that is needed.
  private static void requireScope(AnnotationMetadataProvider route, TokenCheck.Proof proof) {
    var needed = route.getAnnotationMetadata().enumValue(NeedsToken.class, Scope.class);
    if (needed.isPresent() && !proof.scopes().contains(needed.get())) {
      var scope = needed.get().text();
      throw new ProblemException(
          Problem.of(ProblemCode.INSUFFICIENT_SCOPE, "The token needs the scope " + scope),
          Map.of(
              HttpHeaders.WWW_AUTHENTICATE,
              CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + scope + "\""));
    }
  }

  private boolean isOpen(HttpRequest<?> request) {
    var route = RouteAttributes.getRouteInfo(request);
    return route.isPresent()
        ? isOpen(route.get())
        : router.findAny(request).stream().allMatch(match -> isOpen(match.getRouteInfo()));
  }

  private static boolean isOpen(AnnotationMetadataProvider route) {
    return route.getAnnotationMetadata().hasAnnotation(OpenToAll.class);
  }

  private TokenCheck.Proof proof(HttpRequest<?> request) {
    var check = Timer.start();
    try {
      return tokens.proofOf(token(request));
    } catch (BadTokenException e) {
      throw refusal(e);
    } catch (SigningKeys.IssuerAwayException e) {
      LOG.warn("tokens cannot be checked: {}", e.getMessage());
      throw ProblemException.unavailable("Tokens cannot be checked at the moment", RETRY_AFTER);
    } finally {
      check.stop(checks);
    }
  }

  private Caller caller(TokenCheck.Proof proof) {
    return partners
        .of(proof.client())
        .map(Caller::new)
        .orElseThrow(() ->
            refusal(
                new BadTokenException(
                    ProblemCause.NO_PARTNER, "the token's client is not a partner")));
  }

  private static String token(HttpRequest<?> request) throws BadTokenException {
    var headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.isEmpty()) {
      throw new ProblemException(
          Problem.of(ProblemCode.UNAUTHORIZED, "A bearer token is required"),
          Map.of(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE));
    }
    var header = headers.getFirst();
    if (headers.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new BadTokenException("there must be one Authorization header, with a bearer token");
    }
    return header.substring(SCHEME.length()).strip();
  }

  private static ProblemException refusal(BadTokenException e) {
    var sentence = String.valueOf(e.getMessage());
    return new ProblemException(
        Problem.of(ProblemCode.UNAUTHORIZED, e.cause(), "Unauthorized: " + sentence),
        Map.of(
            HttpHeaders.WWW_AUTHENTICATE,
            CHALLENGE + ", error=\"invalid_token\", error_description=\"" + sentence + "\""));
  }
}
