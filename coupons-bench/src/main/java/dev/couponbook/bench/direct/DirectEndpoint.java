package dev.couponbook.bench.direct;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.program.Environment;
import dev.couponbook.program.ReadyFile;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.Map;

/**
 * The yardstick as a program, on the edge's own HTTP server and connection pool. The benchmark
 * starts it with the libraries of the edge and the database role of the worker.
 */
public final class DirectEndpoint {
  /** The port on loopback. */
  public static final String PORT = "COUPON_DIRECT_PORT";

  /** The number of the partner whose codes are assigned, locked and redeemed. */
  public static final String PARTNER = "COUPON_DIRECT_PARTNER";

  // As many as the worker and the edge have together.
  private static final int CONNECTIONS = 8;

  private DirectEndpoint() {}

  public static void main(String[] args) {
    var environment = new Environment(System.getenv());
    var context =
        ApplicationContext.builder()
            .banner(false)
            .deduceEnvironment(false)
            .environmentPropertySource(false)
            .properties(
                Map.of(
                    "micronaut.server.host",
                    "127.0.0.1",
                    "micronaut.server.port",
                    environment.text(PORT)))
            .singletons(
                database(environment),
                new DirectController.Partner(environment.number(PARTNER, 1, Integer.MAX_VALUE)))
            .build()
            .start();
    context.getBean(EmbeddedServer.class).start();
    ReadyFile.from(environment).create();
    Runtime.getRuntime().addShutdownHook(new Thread(context::close, "stop"));
  }

  private static HikariDataSource database(Environment environment) {
    var config = new HikariConfig();
    config.setJdbcUrl(environment.text("COUPON_DB_URL"));
    config.setUsername(environment.text("COUPON_DB_USER"));
    config.setPassword(environment.text("COUPON_DB_PASSWORD"));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setAutoCommit(false);
    return new HikariDataSource(config);
  }
}
