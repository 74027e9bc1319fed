package dev.couponbook.schema;

import dev.couponbook.program.Environment;
import java.util.Arrays;
import java.util.Map;

/**
 * Brings a database up to date, for a task that is run before new programs start: settings come
 * from the environment, see {@link MigrateSettings}. Every program has this class among its jars.
 * With {@code --check} it says what is missing and changes nothing.
 */
public final class Migrate {
  /** All is well; after {@code --check}: nothing is missing. */
  static final int DONE = 0;

  /** A step failed; after {@code --check}: something is missing. */
  static final int FAILED = 1;

  static final int REFUSED = 5;
  static final int UNREACHABLE = 6;

  private Migrate() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv()));
  }

  /**
   * Runs it and prints what became of it.
   *
   * @return the exit code
   */
  static int run(String[] arguments, Map<String, String> variables) {
    boolean check = Arrays.equals(arguments, new String[] {"--check"});
    if (arguments.length > 0 && !check) {
      return say("unknown arguments; usage: migrate [--check]", Environment.BAD_SETTING);
    }
    try {
      var settings = MigrateSettings.from(new Environment(variables));
      return check ? check(settings) : migrate(settings);
    } catch (Environment.BadSettingException e) {
      return say(e.getMessage() + ".", Environment.BAD_SETTING);
    } catch (MigrationException e) {
      return say(String.valueOf(e.getMessage()), exitCode(e.kind()));
    }
  }

  private static int check(MigrateSettings settings) {
    var missing = settings.migration().missing();
    if (missing.isEmpty()) {
      System.out.println("migrate: nothing is missing");
      return DONE;
    }
    missing.forEach(sentence -> System.out.println("migrate: " + sentence));
    return FAILED;
  }

  private static int migrate(MigrateSettings settings) {
    var done = settings.migration().run(settings.passwords());
    System.out.println("migrate: " + done.sentence());
    return DONE;
  }

  private static int exitCode(MigrationException.Kind kind) {
    return switch (kind) {
      case FAILED -> FAILED;
      case REFUSED -> REFUSED;
      case UNREACHABLE -> UNREACHABLE;
    };
  }

  private static int say(String sentence, int exitCode) {
    System.err.println("migrate: " + sentence);
    return exitCode;
  }
}
