package dev.couponbook.testing;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sets what {@code coupon_clock()} says in a test's database. Until it is set, time passes
 * normally.
 */
public final class TestClock {
  private static final String INSTALL =
      """
      CREATE TABLE test_clock (now timestamptz);
      INSERT INTO test_clock VALUES (NULL);
      GRANT SELECT ON test_clock TO PUBLIC;
      CREATE OR REPLACE FUNCTION coupon_clock() RETURNS timestamptz
        LANGUAGE sql VOLATILE
        AS 'SELECT coalesce(now, clock_timestamp()) FROM public.test_clock';
      """;

  private final DataSource owner;

  TestClock(DataSource owner) {
    this.owner = owner;
  }

  static void install(DataSource owner) {
    TestPostgres.execute(owner, INSTALL);
  }

  /** Stops the clock at this time, to the microsecond. */
  public void set(Instant now) {
    write(now.atOffset(ZoneOffset.UTC));
  }

  /** Lets time pass normally again. */
  void release() {
    write(null);
  }

  private void write(@Nullable OffsetDateTime now) {
    try (var connection = owner.getConnection();
        var update = connection.prepareStatement("UPDATE test_clock SET now = ?")) {
      update.setObject(1, now, Types.TIMESTAMP_WITH_TIMEZONE);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the clock could not be set", e);
    }
  }

  /** Stops the clock this much later than it says now. */
  public void advance(Duration by) {
    set(now().plus(by));
  }

  public Instant now() {
    try (var connection = owner.getConnection();
        var select = connection.prepareStatement("SELECT coupon_clock()");
        var row = select.executeQuery()) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    } catch (SQLException e) {
      throw new IllegalStateException("the clock could not be read", e);
    }
  }
}
