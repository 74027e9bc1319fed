package dev.couponbook.store.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a result, valid for as long as its mapper runs. If a value that must be there
 * is null, the statement has a bug, and the method throws a {@link NullPointerException} that names
 * the column.
 */
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public int integer(String column) throws SQLException {
    return result.getInt(column);
  }

  public long bigint(String column) throws SQLException {
    return result.getLong(column);
  }

  public @Nullable Long bigintOrNull(String column) throws SQLException {
    return result.getObject(column, Long.class);
  }

  public double number(String column) throws SQLException {
    return result.getDouble(column);
  }

  public boolean flag(String column) throws SQLException {
    return result.getBoolean(column);
  }

  public String text(String column) throws SQLException {
    return Objects.requireNonNull(textOrNull(column), column);
  }

  public @Nullable String textOrNull(String column) throws SQLException {
    return result.getString(column);
  }

  public byte[] bytes(String column) throws SQLException {
    return Objects.requireNonNull(bytesOrNull(column), column);
  }

  public byte @Nullable [] bytesOrNull(String column) throws SQLException {
    return result.getBytes(column);
  }

  public UUID uuid(String column) throws SQLException {
    return Objects.requireNonNull(uuidOrNull(column), column);
  }

  public @Nullable UUID uuidOrNull(String column) throws SQLException {
    return result.getObject(column, UUID.class);
  }

  /** A {@code timestamptz}, exact to the microsecond. */
  public Instant instant(String column) throws SQLException {
    return Objects.requireNonNull(instantOrNull(column), column);
  }

  public @Nullable Instant instantOrNull(String column) throws SQLException {
    var time = result.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
