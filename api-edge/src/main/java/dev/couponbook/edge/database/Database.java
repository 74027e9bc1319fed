package dev.couponbook.edge.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.couponbook.postgres.SurviveFailover;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.program.DatabaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The edge's way to PostgreSQL: a small pool of connections that cannot write. */
@Factory
final class Database {
  // A caller learns within two seconds that the database is away.
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  @Singleton
  @Bean(preDestroy = "close")
  HikariDataSource pool(DatabaseSettings settings, PoolSize size, MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName("edge");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setReadOnly(true);
    config.setMaximumPoolSize(size.most());
    config.setMinimumIdle(size.idle());
    config.setMetricRegistry(meters);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1); // the edge starts even if the database is away
    SurviveFailover.with(config);
    config.addDataSourceProperty("ApplicationName", "api-edge");
    config.addDataSourceProperty("connectTimeout", "1");
    config.addDataSourceProperty("socketTimeout", "2");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  @Singleton
  @Bean(preDestroy = "close")
  OutcomeNews news(DatabaseSettings settings, PoolSize size) {
    return new OutcomeNews(settings, size.listens());
  }

  @Singleton
  Transactions transactions(HikariDataSource pool) {
    return new Transactions(pool);
  }
}
