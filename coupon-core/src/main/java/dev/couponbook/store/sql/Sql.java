package dev.couponbook.store.sql;

import dev.couponbook.coupon.PartnerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One statement and its parameters, in the order of its question marks: {@code Sql.of(connection,
 * FIND).with(partner).with(code).first(row -> …)}. Nothing is sent, and nothing has to be closed,
 * before the last call, which runs the statement. It runs in the transaction that the connection is
 * in.
 */
public final class Sql {
  private static final String AS_PARTNERS = "SELECT set_config('coupon.partners', ?, true);\n";

  private final Connection connection;
  private final String statement;
  private final boolean afterSetting;
  private final List<Parameter> parameters = new ArrayList<>();
  private int fetchSize;

  private interface Parameter {
    void set(PreparedStatement statement, int place) throws SQLException;
  }

  /** Turns the current row of the result into a value. */
  @FunctionalInterface
  public interface Mapper<T> {
    T of(Row row) throws SQLException;
  }

  /** Does something with each row. */
  @FunctionalInterface
  public interface RowHandler {
    void accept(Row row) throws SQLException;
  }

  private Sql(Connection connection, String statement, boolean afterSetting) {
    this.connection = connection;
    this.statement = statement;
    this.afterSetting = afterSetting;
  }

  /** Begins a statement; its parameters follow in order, one {@code with} each. */
  public static Sql of(Connection connection, String statement) {
    return new Sql(connection, statement, false);
  }

  /**
   * The text of a SELECT that {@link #seenBy} runs; kept in a constant, so that the driver finds
   * its plan again.
   */
  public static String asPartners(String select) {
    return AS_PARTNERS + select;
  }

  /** As {@link #seenBy(Connection, Collection, String)}, for one partner. */
  public static Sql seenBy(Connection connection, PartnerId partner, String asPartners) {
    return seenBy(connection, Set.of(partner), asPartners);
  }

  /**
   * A SELECT that names the partners whose rows the edge's role may see, for the rest of the
   * transaction: when the connection returns to its pool, the setting is gone.
   *
   * <p>It must stand in a transaction. Without one the two statements seem to be one, as the driver
   * sends both before one Sync; but from the sixth time on it knows that the second may bring any
   * number of bytes, puts a Sync between them, and the second one sees no rows.
   *
   * @param asPartners a text that {@link #asPartners(String)} made
   */
  public static Sql seenBy(
      Connection connection, Collection<PartnerId> partners, String asPartners) {
    return new Sql(connection, asPartners, true)
        .with(
            partners.stream()
                .map(partner -> Integer.toString(partner.value()))
                .collect(Collectors.joining(",")));
  }

  public Sql with(int value) {
    return add((s, place) -> s.setInt(place, value));
  }

  public Sql with(long value) {
    return add((s, place) -> s.setLong(place, value));
  }

  public Sql with(@Nullable Long value) {
    return add((s, place) -> s.setObject(place, value, Types.BIGINT));
  }

  public Sql with(boolean value) {
    return add((s, place) -> s.setBoolean(place, value));
  }

  public Sql with(@Nullable String value) {
    return add((s, place) -> s.setString(place, value));
  }

  public Sql with(byte[] value) {
    return add((s, place) -> s.setBytes(place, value));
  }

  public Sql with(@Nullable UUID value) {
    return add((s, place) -> s.setObject(place, value, Types.OTHER));
  }

  public Sql with(@Nullable Instant value) {
    return add((s, place) ->
        s.setObject(
            place,
            value == null ? null : value.atOffset(ZoneOffset.UTC),
            Types.TIMESTAMP_WITH_TIMEZONE));
  }

  public Sql with(PartnerId partner) {
    return with(partner.value());
  }

  /** A column of the rows as {@code integer[]}, for {@code unnest}. */
  public <T> Sql integers(Collection<T> rows, Function<T, @Nullable Integer> column) {
    return array("integer", rows, column);
  }

  /** A column of the rows as {@code bigint[]}, for {@code unnest}. */
  public <T> Sql bigints(Collection<T> rows, Function<T, @Nullable Long> column) {
    return array("bigint", rows, column);
  }

  /** A column of the rows as {@code text[]}, for {@code unnest}. */
  public <T> Sql texts(Collection<T> rows, Function<T, @Nullable String> column) {
    return array("text", rows, column);
  }

  /** A column of the rows as {@code uuid[]}, for {@code unnest}. */
  public <T> Sql uuids(Collection<T> rows, Function<T, @Nullable UUID> column) {
    return array("uuid", rows, column);
  }

  /**
   * A column of the rows as texts that PostgreSQL reads exactly to the microsecond: cast each to
   * {@code timestamptz}.
   */
  public <T> Sql instants(Collection<T> rows, Function<T, @Nullable Instant> column) {
    return array(
        "text",
        rows,
        row -> {
          var instant = column.apply(row);
          return instant == null ? null : instant.toString();
        });
  }

  private <T> Sql array(
      String type, Collection<T> rows, Function<T, ? extends @Nullable Object> column) {
    var values = new Object[rows.size()];
    int i = 0;
    for (var row : rows) {
      values[i++] = column.apply(row);
    }
    return add((s, place) -> s.setArray(place, connection.createArrayOf(type, values)));
  }

  private Sql add(Parameter parameter) {
    parameters.add(parameter);
    return this;
  }

  /** Fetches this many rows at a time, for a result that could be large; needs a transaction. */
  public Sql fetching(int rows) {
    fetchSize = rows;
    return this;
  }

  /** All rows, in the order of the statement. */
  public <T> List<T> list(Mapper<T> mapper) throws SQLException {
    var values = new ArrayList<T>();
    each(row -> values.add(mapper.of(row)));
    return values;
  }

  /** Hands over each row, in the order of the statement. */
  public void each(RowHandler handler) throws SQLException {
    try (var prepared = prepare();
        var result = query(prepared)) {
      var row = new Row(result);
      while (result.next()) {
        handler.accept(row);
      }
    }
  }

  /** The first row, if there is one. */
  public <T> Optional<T> first(Mapper<T> mapper) throws SQLException {
    try (var prepared = prepare();
        var result = query(prepared)) {
      return result.next() ? Optional.of(mapper.of(new Row(result))) : Optional.empty();
    }
  }

  /**
   * The row of a statement that always has one, such as a sum.
   *
   * @throws IllegalStateException if there is none
   */
  public <T> T one(Mapper<T> mapper) throws SQLException {
    return first(mapper)
        .orElseThrow(() -> new IllegalStateException("there is no row: " + statement));
  }

  /**
   * Runs a statement that changes rows.
   *
   * @return how many it changed
   */
  public int update() throws SQLException {
    try (var prepared = prepare()) {
      return prepared.executeUpdate();
    }
  }

  /**
   * Runs a statement whose rows are known and locked: if it does not change all of them, the
   * program has a bug.
   *
   * @param what the rows are, for the message
   * @throws IllegalStateException if it changed more or fewer
   */
  public void update(int expected, String what) throws SQLException {
    int actual = update();
    if (actual != expected) {
      throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
    }
  }

  private PreparedStatement prepare() throws SQLException {
    var prepared = connection.prepareStatement(statement);
    try {
      prepared.setFetchSize(fetchSize);
      int place = 0;
      for (var parameter : parameters) {
        parameter.set(prepared, ++place);
      }
      return prepared;
    } catch (SQLException | RuntimeException | Error e) {
      prepared.close();
      throw e;
    }
  }

  private ResultSet query(PreparedStatement prepared) throws SQLException {
    if (!afterSetting) {
      return prepared.executeQuery();
    }
    prepared.execute();
    prepared.getMoreResults();
    return prepared.getResultSet();
  }
}
