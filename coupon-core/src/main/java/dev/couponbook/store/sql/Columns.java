package dev.couponbook.store.sql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns rows of ours into the column arrays that {@code unnest} takes, and columns into values. */
public final class Columns {
  private Columns() {}

  public static <T> Array integers(
      Connection connection, List<T> rows, Function<T, @Nullable Integer> column)
      throws SQLException {
    return array(connection, "integer", rows, column);
  }

  public static <T> Array texts(
      Connection connection, List<T> rows, Function<T, @Nullable String> column)
      throws SQLException {
    return array(connection, "text", rows, column);
  }

  public static <T> Array uuids(
      Connection connection, List<T> rows, Function<T, @Nullable UUID> column) throws SQLException {
    return array(connection, "uuid", rows, column);
  }

  /**
   * Instants as text, which PostgreSQL reads exactly to the microsecond: cast the array to {@code
   * timestamptz[]}.
   */
  public static <T> Array instants(
      Connection connection, List<T> rows, Function<T, @Nullable Instant> column)
      throws SQLException {
    return array(
        connection,
        "text",
        rows,
        row -> {
          var instant = column.apply(row);
          return instant == null ? null : instant.toString();
        });
  }

  private static <T> Array array(
      Connection connection,
      String type,
      List<T> rows,
      Function<T, ? extends @Nullable Object> column)
      throws SQLException {
    var values = new Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return connection.createArrayOf(type, values);
  }

  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
