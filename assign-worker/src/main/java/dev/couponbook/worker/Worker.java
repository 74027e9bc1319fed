package dev.couponbook.worker;

import dev.couponbook.program.Environment;
import dev.couponbook.program.NameLookups;
import dev.couponbook.program.ReadyFile;
import dev.couponbook.schema.RequireSchema;
import dev.couponbook.schema.WrongSchemaException;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The worker as a program. Any number may run; each command is done by one of them. */
public final class Worker {
  private Worker() {}

  public static void main(String[] args) {
    NameLookups.forgetSoon();
    try {
      start(System.getenv());
    } catch (Environment.BadSettingException e) {
      System.err.println("assign-worker: " + e.getMessage());
      System.exit(Environment.BAD_SETTING);
    } catch (WrongSchemaException e) {
      System.err.println("assign-worker: " + e.getMessage());
      System.exit(WrongSchemaException.EXIT_STATUS);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Worker.class).error("the worker cannot start", e);
      System.exit(1);
    }
  }

  /**
   * Starts the worker, which runs in threads of its own until the context is closed or the JVM
   * shuts down.
   *
   * @throws Environment.BadSettingException if a setting is missing or invalid
   * @throws WrongSchemaException if the schema of the database is too old, or too new
   */
  public static ConfigurableApplicationContext start(Map<String, String> variables) {
    var environment = new Environment(variables);
    var settings = WorkerSettings.from(environment);
    var readyFile = ReadyFile.from(environment);
    readyFile.delete();
    RequireSchema.of(settings.database());
    return application(settings, readyFile).run();
  }

  private static SpringApplication application(WorkerSettings settings, ReadyFile readyFile) {
    return new SpringApplicationBuilder(WorkerConfiguration.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .initializers((GenericApplicationContext context) -> {
          context.registerBean("workerSettings", WorkerSettings.class, () -> settings);
          context.registerBean(ReadyFile.class, () -> readyFile);
        })
        .build();
  }
}
