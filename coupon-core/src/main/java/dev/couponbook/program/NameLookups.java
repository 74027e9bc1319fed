package dev.couponbook.program;

import java.security.Security;

/** How long the JVM believes what it was told about a host's address. */
public final class NameLookups {
  // As long as the names of an Aurora cluster are valid. The JVM's own 30 seconds would lead new
  // connections to the old writer for as long after a failover.
  private static final String SECONDS = "5";

  private NameLookups() {}

  /** Forgets addresses after five seconds. Before the first look-up, or it has no effect. */
  public static void forgetSoon() {
    Security.setProperty("networkaddress.cache.ttl", SECONDS);
  }
}
