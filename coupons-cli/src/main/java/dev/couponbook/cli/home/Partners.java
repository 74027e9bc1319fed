package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadPartners;
import dev.couponbook.store.tidy.AddPartner;
import java.util.regex.Pattern;

/** The table of partners, as operators use it. */
public final class Partners {
  /** Added by the first {@code up}, to try things out and for the demo. */
  public static final String FIRST = "demo";

  // The same as the table's own check; tested here for a clear message instead of an SQL error.
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private Partners() {}

  /**
   * @return false if the partner was there already
   */
  static boolean add(Home home, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "A partner's name has 1 to 63 lower-case letters, digits and dashes, and does not begin with"
              + " a dash: not '"
              + name
              + "'.");
    }
    return OpsDatabase.ask(home, connection -> AddPartner.add(connection, name));
  }

  /**
   * The client id that a partner's tokens carry.
   *
   * @throws CommandFailure if there is no such partner, or it is disabled
   */
  public static String clientId(Home home, String name) {
    var client =
        OpsDatabase.ask(home, connection -> ReadPartners.client(connection, name))
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.REFUSED,
                    "There is no partner '"
                        + name
                        + "': add it with ./coupons partner add "
                        + name
                        + "."));
    if (client.disabled()) {
      throw new CommandFailure(ExitCode.REFUSED, "Partner '" + name + "' is disabled.");
    }
    return client.id();
  }
}
