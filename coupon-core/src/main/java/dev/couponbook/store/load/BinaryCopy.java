package dev.couponbook.store.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows for {@code COPY … FROM STDIN (FORMAT binary)}: nothing to escape here, and nothing to parse
 * there. See PostgreSQL, COPY, "Binary Format".
 */
final class BinaryCopy {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  // A few hundred rows per write to the connection.
  private static final int BUFFER = 64 * 1024;
  private static final int WIDEST_NUMBER = Integer.BYTES + Long.BYTES;
  private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;

  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final CopyIn in;

  private BinaryCopy(CopyIn in) {
    this.in = in;
  }

  /** Rows that write themselves. */
  @FunctionalInterface
  interface Rows {
    void writeTo(BinaryCopy copy) throws SQLException;
  }

  /** Runs the statement with the rows. */
  static void run(Connection connection, String sql, Rows rows) throws SQLException {
    var in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      var copy = new BinaryCopy(in);
      copy.buffer.put(SIGNATURE).putInt(0).putInt(0); // no flags, no extension
      rows.writeTo(copy);
      copy.room(Short.BYTES);
      copy.buffer.putShort((short) -1);
      copy.flush();
      in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
  }

  /** Begins a row with this many fields. */
  void row(int fields) throws SQLException {
    room(Short.BYTES);
    buffer.putShort((short) fields);
  }

  void integer(int value) throws SQLException {
    room(WIDEST_NUMBER);
    buffer.putInt(Integer.BYTES).putInt(value);
  }

  void bigint(long value) throws SQLException {
    room(WIDEST_NUMBER);
    buffer.putInt(Long.BYTES).putLong(value);
  }

  void timestamp(long microsSince1970) throws SQLException {
    bigint(microsSince1970 - MICROS_FROM_1970_TO_2000);
  }

  void nothing() throws SQLException {
    room(WIDEST_NUMBER);
    buffer.putInt(-1);
  }

  void text(String value) throws SQLException {
    text(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Text in UTF-8. */
  void text(byte[] value) throws SQLException {
    room(WIDEST_NUMBER);
    buffer.putInt(value.length);
    if (value.length > BUFFER) {
      flush();
      in.writeToCopy(value, 0, value.length);
    } else {
      room(value.length);
      buffer.put(value);
    }
  }

  private void room(int bytes) throws SQLException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws SQLException {
    in.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
