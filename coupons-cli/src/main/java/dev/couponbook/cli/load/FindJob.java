package dev.couponbook.cli.load;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.store.read.ReadJobs;
import dev.couponbook.store.read.ReadJobs.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Finds a job by the id that an operator typed. */
public final class FindJob {
  private FindJob() {}

  /** The UUID of an id, which may be given with or without the tag that the API appends. */
  public static UUID uuid(String id) {
    try {
      return UUID.fromString(id.substring(0, Math.min(36, id.length())));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "'" + id + "' is not the id of a job; ./coupons jobs list shows them.",
          e);
    }
  }

  static Job by(Connection connection, String id) throws SQLException {
    return ReadJobs.find(connection, uuid(id))
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED,
                "There is no job "
                    + id
                    + " (an upload has none until its file arrives);"
                    + " ./coupons jobs list shows the latest."));
  }
}
