package dev.couponbook.cli.load;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** A job by the id that somebody typed. */
public final class FindJob {
  private FindJob() {}

  /** An id as the API gives it has a tag behind the UUID; ops may give it with or without. */
  public static UUID uuid(String id) {
    try {
      return UUID.fromString(id.substring(0, Math.min(36, id.length())));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "'" + id + "' is no id of a job; ./coupons jobs list shows them.", e);
    }
  }

  static Job by(Connection connection, String id) throws SQLException {
    return ReadJobs.find(connection, uuid(id))
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED,
                "There is no job "
                    + id
                    + " (a file that was not put yet makes none);"
                    + " ./coupons jobs list shows the latest."));
  }
}
