package dev.couponbook.chaos;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** A small file system with PostgreSQL's index of codes on it, which can be filled and emptied. */
final class SmallDisk implements AutoCloseable {
  private static final long MOST_BYTES = 1L << 30;
  private static final int BALLAST_BLOCK = 1 << 20;

  private final Home home;
  private final Path ballast;

  /**
   * Moves the index there.
   *
   * @param directory an empty one, on a file system of its own of at most 1 GB
   */
  SmallDisk(Home home, Path directory) throws IOException, SQLException {
    this.home = home;
    this.ballast = directory.resolve("ballast");
    long size = Files.getFileStore(directory).getTotalSpace();
    if (size > MOST_BYTES) {
      throw new CommandFailure(
          ExitCode.USAGE,
          directory + " is on a file system of " + (size >> 20) + " MB, which is not small.");
    }
    var tablespace = Files.createDirectories(directory.resolve("tablespace"));
    Files.setOwner(tablespace, Files.getOwner(home.directory().postgres()));
    execute("CREATE TABLESPACE chaos LOCATION '" + tablespace.toRealPath() + "'");
    execute("ALTER INDEX coupon_pkey SET TABLESPACE chaos");
  }

  /** Takes all the space that is left. */
  void fill() throws IOException {
    var block = ByteBuffer.allocate(BALLAST_BLOCK);
    try (var file =
        FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (Files.getFileStore(ballast).getUsableSpace() > 0) {
        file.write(block.clear());
      }
    } catch (IOException full) {
      if (Files.getFileStore(ballast).getUsableSpace() > BALLAST_BLOCK) {
        throw full;
      }
    }
  }

  void empty() throws IOException {
    Files.deleteIfExists(ballast);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = OpsDatabase.connect(home, "postgres");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    empty();
    execute("ALTER INDEX coupon_pkey SET TABLESPACE pg_default");
    execute("DROP TABLESPACE chaos");
  }
}
