package dev.couponbook.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.ReadyFile;
import dev.couponbook.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One program and one database for all tests of a class. Each test has books of its own, and after
 * each the invariants are asked for.
 */
final class RunningIngest implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  final TestDatabase database = new TestDatabase();
  private final LocalCloud cloud;
  private final int blockRows;

  @SuppressWarnings("NullAway.Init")
  private ConfigurableApplicationContext program;

  /**
   * @param blockRows rows of a block: with few of them, small files have many blocks
   */
  RunningIngest(LocalCloud cloud, int blockRows) {
    this.cloud = cloud;
    this.blockRows = blockRows;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    cloud.beforeAll(context);
    database.beforeEach(context);
    program = start(database, blockRows);
  }

  static ConfigurableApplicationContext start(TestDatabase database, int blockRows) {
    return start(database, blockRows, Map.of());
  }

  /** A program with these settings beside the usual ones. */
  static ConfigurableApplicationContext start(TestDatabase database, Map<String, String> more) {
    return start(database, Block.ROWS, more);
  }

  private static ConfigurableApplicationContext start(
      TestDatabase database, int blockRows, Map<String, String> more) {
    var variables = new HashMap<>(more);
    variables.put("COUPON_DB_URL", database.url());
    variables.put("COUPON_DB_PASSWORD", database.password());
    variables.put("COUPON_S3_PATH_STYLE", "true");
    variables.put("COUPON_INGEST_WORKERS", "2");
    var environment = new Environment(variables);
    var settings =
        IngestSettings.from(environment)
            .with(blockRows, Duration.ofSeconds(1), Duration.ofMillis(200));
    return Ingest.start(settings, ReadyFile.from(environment));
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException {
    assertThat(database.violations()).isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException {
    program.close();
    database.afterEach(context);
  }
}
