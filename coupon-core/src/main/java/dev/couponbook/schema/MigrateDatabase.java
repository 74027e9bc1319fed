package dev.couponbook.schema;

import dev.couponbook.schema.MigrationException.Kind;
import dev.couponbook.store.tidy.AdmitPrograms;
import dev.couponbook.store.tidy.OwnerRights;
import dev.couponbook.store.tidy.SchemaState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to the schema of this version and lets the programs log in. Doing so again
 * changes nothing but the passwords; two that do so at the same time take turns.
 */
public final class MigrateDatabase {
  private final DataSource owner;
  private final String place;

  /**
   * @param owner connects as the role that owns the schema
   * @param place the database, for messages: a URL without secrets
   */
  public MigrateDatabase(DataSource owner, String place) {
    this.owner = owner;
    this.place = place;
  }

  /**
   * What was done.
   *
   * @param steps how many were applied
   * @param version the newest step that the schema now has
   * @param withoutLogin the programs' roles that still may not log in
   */
  public record Done(int steps, int version, List<String> withoutLogin) {
    /** For people. */
    public String sentence() {
      var all =
          "The schema is at version %d, %s."
              .formatted(version, steps == 0 ? "as before" : steps + " steps further");
      return withoutLogin.isEmpty()
          ? all
          : all
              + " Without a password, and so not let in: "
              + String.join(", ", withoutLogin)
              + ".";
    }
  }

  /**
   * Applies the missing steps, then gives each role its password and lets it log in.
   *
   * @param passwords by role; a role without one stays as it is
   * @throws MigrationException if it cannot be done
   */
  public Done run(Map<String, String> passwords) {
    refuseUnlessFit();
    int steps = migrate();
    try (var connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      AdmitPrograms.admit(connection, passwords);
      var withoutLogin = withoutLogin(connection);
      connection.commit();
      return new Done(steps, version().orElse(0), withoutLogin);
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  /**
   * What {@link #run} would do, or would be hindered by; changes nothing.
   *
   * @return a sentence for each; empty: nothing is missing
   * @throws MigrationException if the database cannot be looked at
   */
  public List<String> missing() {
    try (var connection = owner.getConnection()) {
      var missing = new ArrayList<String>();
      hindrance(connection).ifPresent(missing::add);
      var pending = Schema.of(owner).info().pending();
      if (pending.length > 0) {
        missing.add(
            "The schema is at version %d; the steps %s are missing."
                .formatted(version().orElse(0), names(pending)));
      }
      var withoutLogin = withoutLogin(connection);
      if (!withoutLogin.isEmpty()) {
        missing.add("These roles may not log in: " + String.join(", ", withoutLogin) + ".");
      }
      return missing;
    } catch (SQLException e) {
      throw explained(e);
    } catch (FlywayException e) {
      throw explained(e);
    }
  }

  private static String names(MigrationInfo[] steps) {
    return String.join(", ", Arrays.stream(steps).map(step -> "" + step.getVersion()).toList());
  }

  private static List<String> withoutLogin(Connection connection) throws SQLException {
    var roles = new ArrayList<>(AdmitPrograms.ROLES);
    roles.removeAll(AdmitPrograms.admitted(connection));
    return roles;
  }

  private Optional<Integer> version() {
    return Optional.ofNullable(Schema.of(owner).info().current())
        .map(step -> Integer.valueOf(Objects.requireNonNull(step.getVersion()).toString()));
  }

  private void refuseUnlessFit() {
    try (var connection = owner.getConnection()) {
      hindrance(connection)
          .ifPresent(sentence -> {
            throw new MigrationException(Kind.REFUSED, sentence, null);
          });
    } catch (SQLException e) {
      throw explained(e);
    } catch (FlywayException e) {
      throw explained(e);
    }
  }

  /** What stands in the way, if anything does. */
  private Optional<String> hindrance(Connection connection) throws SQLException {
    if (OwnerRights.hasUnknownTables(connection)) {
      return Optional.of(
          place
              + " has tables and no record of the steps that made them: it is another program's, or"
              + " was restored in part. Name an empty database, or restore this one whole.");
    }
    var rights = OwnerRights.missing(connection);
    if (!rights.isEmpty()) {
      return Optional.of(
          "The owner lacks rights on "
              + place
              + ". An administrator gives them with: "
              + String.join("; ", rights)
              + ".");
    }
    var state = SchemaState.read(connection);
    return state.isPresent() && state.get().oldestPrograms() > Schema.VERSION
        ? Optional.of(tooNew(state.get()))
        : failedStep();
  }

  private String tooNew(SchemaState state) {
    return "The schema of %s is at step %d, and programs of this version (step %d) no longer run on it: use the version that made it, or a newer one. Nothing was changed."
        .formatted(place, state.version(), Schema.VERSION);
  }

  private Optional<String> failedStep() {
    return Stream.of(Schema.of(owner).info().all())
        .filter(step -> step.getState().isFailed())
        .findFirst()
        .map(step ->
            "Step %s of the schema of %s was begun and never ended: restore the database to the time before it, then migrate again."
                .formatted(step.getVersion(), place));
  }

  private int migrate() {
    try {
      return Schema.migrate(owner);
    } catch (FlywayException e) {
      throw explained(e);
    }
  }

  private MigrationException explained(FlywayException e) {
    if (e instanceof FlywayValidateException) {
      return new MigrationException(
          Kind.REFUSED,
          "The schema of "
              + place
              + " was made by other steps than this version's ("
              + secondLine(e)
              + "): use the version that made it, or one that follows it.",
          e);
    }
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return explained(sql);
      }
    }
    return new MigrationException(
        Kind.FAILED, "A step of the schema of " + place + " failed: " + e.getMessage(), e);
  }

  // Flyway's first line says that something is wrong, the second one what.
  private static String secondLine(FlywayException e) {
    return String.valueOf(e.getMessage()).lines().skip(1).findFirst().orElse("no details").strip();
  }

  private MigrationException explained(SQLException e) {
    var said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    var state = String.valueOf(e.getSQLState());
    return switch (state) {
      case "3D000" ->
          new MigrationException(
              Kind.REFUSED,
              "There is no database at "
                  + place
                  + ": an administrator makes it with CREATE DATABASE … OWNER …, or the address is"
                  + " another.",
              e);
      case "28P01", "28000" ->
          new MigrationException(
              Kind.REFUSED,
              "The server of "
                  + place
                  + " does not let the owner in ("
                  + said
                  + "): check the owner's name and COUPON_OWNER_PASSWORD.",
              e);
      case "42501" ->
          new MigrationException(
              Kind.REFUSED,
              "The owner may not do what a step of the schema of "
                  + place
                  + " needs ("
                  + said
                  + "): connect as the role that owns the tables, or give it the right.",
              e);
      default ->
          state.startsWith("08") || state.startsWith("57P")
              ? new MigrationException(
                  Kind.UNREACHABLE,
                  "No server answers for "
                      + place
                      + " ("
                      + said
                      + "): is the address right, and the way"
                      + " to it open?",
                  e)
              : new MigrationException(
                  Kind.FAILED,
                  "The schema of "
                      + place
                      + " could not be brought up to date (SQLSTATE "
                      + state
                      + "): "
                      + said,
                  e);
    };
  }
}
