package dev.couponbook.ingest;

import dev.couponbook.ingest.settings.IngestSettings;
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

/** The ingest program. Any number of them may run at the same time, and share each load. */
public final class Ingest {
  private Ingest() {}

  public static void main(String[] args) {
    NameLookups.forgetSoon();
    try {
      start(System.getenv());
    } catch (Environment.BadSettingException e) {
      System.err.println("ingest-batch: " + e.getMessage());
      System.exit(Environment.BAD_SETTING);
    } catch (WrongSchemaException e) {
      System.err.println("ingest-batch: " + e.getMessage());
      System.exit(WrongSchemaException.EXIT_STATUS);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Ingest.class).error("ingest-batch cannot start", e);
      System.exit(1);
    }
  }

  /**
   * Starts the program, which then works in threads of its own until the context is closed or the
   * JVM is told to stop.
   *
   * @throws Environment.BadSettingException if a setting is missing or invalid
   * @throws WrongSchemaException if the schema of the database is too old, or too new
   */
  public static ConfigurableApplicationContext start(Map<String, String> variables) {
    var environment = new Environment(variables);
    return start(IngestSettings.from(environment), ReadyFile.from(environment));
  }

  static ConfigurableApplicationContext start(IngestSettings settings, ReadyFile readyFile) {
    readyFile.delete();
    RequireSchema.of(settings.database());
    return application(settings, readyFile).run();
  }

  private static SpringApplication application(IngestSettings settings, ReadyFile readyFile) {
    return new SpringApplicationBuilder(IngestConfiguration.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .initializers((GenericApplicationContext context) -> {
          context.registerBean("ingestSettings", IngestSettings.class, () -> settings);
          context.registerBean(ReadyFile.class, () -> readyFile);
        })
        .build();
  }
}
