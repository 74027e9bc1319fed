package dev.couponbook.edge.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a token allows, by class of route. */
public enum Scope {
  READ,
  WRITE,
  REDEEM,
  UPLOAD;

  private static final String PREFIX = "coupons:";
  private static final String ALL = PREFIX + "all";

  /** As it stands in a token. */
  String text() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a {@code scope} claim allows (RFC 8693, 4.2: names with spaces between). Cognito writes a
   * slash where others write a colon; what is not known is ignored.
   */
  static Set<Scope> parse(String claim) {
    var names = Set.copyOf(Arrays.asList(claim.replace('/', ':').split(" ")));
    return Arrays.stream(values())
        .filter(scope -> names.contains(scope.text()) || names.contains(ALL))
        .collect(Collectors.toUnmodifiableSet());
  }
}
