package dev.couponbook.schema;

import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.store.tidy.SchemaState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a program from running on a schema that is too old for it, or so new that its statements no
 * longer fit. Programs start in any order: while the database is away nothing is refused, and its
 * schema is looked at as soon as it answers.
 */
public final class RequireSchema {
  private static final Logger LOG = LoggerFactory.getLogger(RequireSchema.class);
  private static final Duration PAUSE_WHILE_AWAY = Duration.ofSeconds(1);
  // A start should not take longer because the database is away.
  private static final int SECONDS = 2;

  private final DataSource database;
  private final String place;
  private final Consumer<String> refuseLater;

  /**
   * @param refuseLater gets the sentence if the schema turns out not to fit after the start
   */
  RequireSchema(DataSource database, String place, Consumer<String> refuseLater) {
    this.database = database;
    this.place = place;
    this.refuseLater = refuseLater;
  }

  /**
   * Looks at the schema before a program starts. If the database is away and later turns out to
   * have a schema that does not fit, the program ends.
   *
   * @throws WrongSchemaException if the schema does not fit
   */
  public static void of(DatabaseSettings settings) {
    var source = new PGSimpleDataSource();
    source.setUrl(settings.url());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setConnectTimeout(SECONDS);
    source.setSocketTimeout(SECONDS);
    source.setApplicationName("schema-check");
    new RequireSchema(source, settings.url(), RequireSchema::end).check();
  }

  private static void end(String sentence) {
    LOG.error("{}", sentence);
    System.exit(WrongSchemaException.EXIT_STATUS);
  }

  /** As {@link #of} says. */
  void check() {
    try {
      misfit()
          .ifPresent(sentence -> {
            throw new WrongSchemaException(sentence);
          });
    } catch (SQLException e) {
      if (isAway(e)) {
        Thread.ofPlatform().daemon().name("schema-check").start(this::watch);
      } else {
        tellUnknown(e);
      }
    }
  }

  private void watch() {
    while (true) {
      LockSupport.parkNanos(PAUSE_WHILE_AWAY.toNanos());
      try {
        misfit().ifPresent(refuseLater);
        return;
      } catch (SQLException e) {
        if (!isAway(e)) {
          tellUnknown(e);
          return;
        }
      }
    }
  }

  private static boolean isAway(SQLException e) {
    return DatabaseException.of(e, false).isAway();
  }

  // What is wrong here will be wrong for the program itself, which tells it better.
  private static void tellUnknown(SQLException e) {
    LOG.warn("the version of the schema could not be looked at: {}", e.getMessage());
  }

  private Optional<String> misfit() throws SQLException {
    try (var connection = database.getConnection()) {
      var state = SchemaState.read(connection);
      if (state.isEmpty()) {
        return Optional.of(tooOld("older than step 32"));
      }
      if (state.get().version() < Schema.VERSION) {
        return Optional.of(tooOld("at step " + state.get().version()));
      }
      return state.filter(s -> s.oldestPrograms() > Schema.VERSION).map(this::tooNew);
    }
  }

  private String tooOld(String is) {
    return "the schema of %s is %s, and this version needs step %d: run migrate of this version (./coupons migrate, in a home ./coupons up), then start again"
        .formatted(place, is, Schema.VERSION);
  }

  private String tooNew(SchemaState state) {
    return "the schema of %s is at step %d, and programs from before step %d no longer run on it; this one is of step %d: start a newer version"
        .formatted(place, state.version(), state.oldestPrograms(), Schema.VERSION);
  }
}
