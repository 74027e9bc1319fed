package dev.couponbook.cli.home;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadPartners;
import dev.couponbook.store.tidy.AddPartner;
import java.util.regex.Pattern;

/** The table of partners, as ops sees it. */
public final class Partners {
  /** Added by the first {@code up}, for a first look and for the demo. */
  public static final String FIRST = "demo";

  // As the table's own check has it; asked here for a sentence in place of an SQL error.
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private Partners() {}

  /**
   * @return false if the partner was there already
   */
  static boolean add(Home home, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "A partner's name has 1 to 63 small letters, digits and dashes, and begins with none of"
              + " the dashes: not '"
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
