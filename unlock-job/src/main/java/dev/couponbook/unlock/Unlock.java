package dev.couponbook.unlock;

import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.Environment;
import dev.couponbook.program.NameLookups;
import dev.couponbook.program.ReadyFile;
import dev.couponbook.schema.RequireSchema;
import dev.couponbook.schema.WrongSchemaException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The sweep as a program. It listens for the events of the schedule; with {@code --once} it sweeps
 * once and ends, for a shell or a scheduled task.
 */
public final class Unlock {
  private static final String USAGE = "usage: unlock-job [--once]";

  private Unlock() {}

  public static void main(String[] args) {
    NameLookups.forgetSoon();
    try {
      if (Arrays.equals(args, new String[] {"--once"})) {
        System.out.println(sweepOnce(System.getenv()));
      } else if (args.length == 0) {
        start(System.getenv());
      } else {
        System.err.println("unlock-job: unknown arguments " + List.of(args) + "; " + USAGE);
        System.exit(Environment.BAD_SETTING);
      }
    } catch (Environment.BadSettingException e) {
      System.err.println("unlock-job: " + e.getMessage());
      System.exit(Environment.BAD_SETTING);
    } catch (WrongSchemaException e) {
      System.err.println("unlock-job: " + e.getMessage());
      System.exit(WrongSchemaException.EXIT_STATUS);
    } catch (DatabaseException e) {
      System.err.println("unlock-job: the sweep failed: " + e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Unlock.class).error("unlock-job cannot start", e);
      System.exit(1);
    }
  }

  /** Sweeps once, without a queue. */
  static RunSweep.Swept sweepOnce(Map<String, String> variables) {
    var settings = UnlockSettings.from(new Environment(variables));
    RequireSchema.of(settings.database());
    try (var pool = new HikariDataSource(UnlockConfiguration.poolOf(settings))) {
      return new RunSweep(new Transactions(pool), settings).runOnce();
    }
  }

  /**
   * Starts listening, in threads of its own, until the context is closed or the JVM is told to
   * stop.
   *
   * @throws Environment.BadSettingException if a setting is missing or invalid
   * @throws WrongSchemaException if the schema of the database is too old, or too new
   */
  public static ConfigurableApplicationContext start(Map<String, String> variables) {
    var environment = new Environment(variables);
    var settings = UnlockSettings.from(environment);
    var readyFile = ReadyFile.from(environment);
    readyFile.delete();
    RequireSchema.of(settings.database());
    return new SpringApplicationBuilder(UnlockConfiguration.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .initializers((GenericApplicationContext context) -> {
          context.registerBean("unlockSettings", UnlockSettings.class, () -> settings);
          context.registerBean(ReadyFile.class, () -> readyFile);
        })
        .run();
  }
}
