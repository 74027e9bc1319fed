package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.home.OpsDatabase;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.csv.CSVFormat;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The same file by hand, into an empty copy of the table of codes with the same indexes: what the
 * machine can do with a program of a hundred lines.
 */
final class CopyYardsticks {
  /** Rows of a chunk, as the importer's are. */
  private static final int CHUNK = 100_000;

  private static final int THREADS = 2;
  private static final int BUFFER = 64 * 1024;

  private final Home home;
  private final Path file;

  CopyYardsticks(Home home, Path file) {
    this.home = home;
    this.file = file;
  }

  private static final String COPY =
      "COPY bench.coupon (partner_id, book_id, load_id, pick, code) FROM STDIN";

  /** Work on the copy of the table. */
  private interface Load {
    void into() throws IOException, SQLException, InterruptedException;
  }

  /** Y1: one plain COPY in the file's order. */
  double plainCopySeconds() {
    return seconds(() -> {
      try (var connection = connect();
          var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
        var rows = new Rows(connection);
        int pick = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          rows.add(pick++, line);
        }
        rows.end();
      }
    });
  }

  /**
   * Y2: two threads, each with a half of the file, and Commons CSV; chunks sorted by code, picks
   * shuffled inside the chunk, one COPY and one commit each.
   */
  double twoThreadsSeconds() {
    return seconds(() -> {
      long middle = lineBegin(Files.size(file) / 2);
      var picks = new AtomicInteger();
      var halves =
          List.<Callable<Boolean>>of(
              () -> copyChunks(0, middle, picks),
              () -> copyChunks(middle, Files.size(file), picks));
      try (var threads = Executors.newFixedThreadPool(THREADS)) {
        for (var half : threads.invokeAll(halves)) {
          half.get();
        }
      } catch (ExecutionException e) {
        throw new IOException("a half of the file was not loaded", e);
      }
    });
  }

  private boolean copyChunks(long from, long to, AtomicInteger picks)
      throws IOException, SQLException {
    try (var connection = connect();
        var csv = CSVFormat.DEFAULT.parse(range(from, to))) {
      connection.setAutoCommit(false);
      var chunk = new ArrayList<String>(CHUNK);
      for (var row : csv) {
        chunk.add(row.get(0));
        if (chunk.size() == CHUNK) {
          copyChunk(connection, chunk, picks.getAndAdd(CHUNK));
        }
      }
      copyChunk(connection, chunk, picks.getAndAdd(CHUNK));
    }
    return true;
  }

  private static void copyChunk(Connection connection, List<String> chunk, int firstPick)
      throws SQLException {
    var codes = chunk.toArray(String[]::new);
    chunk.clear();
    Arrays.sort(codes);
    var picks = shuffled(codes.length, firstPick);
    var rows = new Rows(connection);
    for (int i = 0; i < codes.length; i++) {
      rows.add(picks[i], codes[i]);
    }
    rows.end();
    connection.commit();
  }

  private static int[] shuffled(int count, int first) {
    var random = new SplittableRandom();
    var picks = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      picks[i] = picks[j];
      picks[j] = first + i;
    }
    return picks;
  }

  private long lineBegin(long near) throws IOException {
    try (var channel = FileChannel.open(file)) {
      InputStream in = Channels.newInputStream(channel.position(near));
      long at = near;
      while (in.read() != '\n') {
        at++;
      }
      return at + 1;
    }
  }

  private Reader range(long from, long to) throws IOException {
    var in = Files.newInputStream(file);
    in.skipNBytes(from);
    return new BufferedReader(
        new InputStreamReader(new Bounded(in, to - from), StandardCharsets.US_ASCII), BUFFER);
  }

  /** The first bytes of a stream. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int read = left == 0 ? -1 : super.read(bytes, offset, (int) Math.min(count, left));
      left -= Math.max(read, 0);
      return read;
    }
  }

  /** Rows on their way into the copy of the table. */
  private static final class Rows {
    private static final byte[] OWNER = "1\t1\t1\t".getBytes(StandardCharsets.US_ASCII);

    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    Rows(Connection connection) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    }

    void add(int pick, String code) throws SQLException {
      if (buffer.remaining() < 128) {
        flush();
      }
      buffer.put(OWNER);
      buffer.put(Integer.toString(pick).getBytes(StandardCharsets.US_ASCII)).put((byte) '\t');
      buffer.put(code.getBytes(StandardCharsets.US_ASCII)).put((byte) '\n');
    }

    private void flush() throws SQLException {
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      buffer.clear();
    }

    void end() throws SQLException {
      flush();
      copy.endCopy();
    }
  }

  private double seconds(Load load) {
    try {
      execute(
          "CREATE SCHEMA IF NOT EXISTS bench",
          "DROP TABLE IF EXISTS bench.coupon",
          "CREATE TABLE bench.coupon (LIKE public.coupon INCLUDING ALL)",
          "CHECKPOINT");
      long began = System.nanoTime();
      load.into();
      double seconds = (System.nanoTime() - began) / 1e9;
      execute("DROP SCHEMA bench CASCADE", "CHECKPOINT");
      return seconds;
    } catch (IOException | SQLException e) {
      throw new CommandFailure(ExitCode.FAILED, "A yardstick failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
  }

  /** Begins what is measured without what the one before has left to be written. */
  void settle() {
    try {
      execute("CHECKPOINT");
    } catch (SQLException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The database refused the request: " + e.getMessage(), e);
    }
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  // A checkpoint takes the superuser.
  private Connection connect() {
    return OpsDatabase.connect(home, "postgres");
  }
}
