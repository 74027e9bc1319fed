package dev.couponbook.local;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole cloud, in this JVM and beside it. */
final class EmbeddedCloud {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCloud.class);

  private EmbeddedCloud() {}

  // The database and the queues start slowly, and neither needs the other.
  static void start(HomeDirectory home, HomeFile file, Resources resources, Parts parts) {
    try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
      var database = starters.submit(() -> startDatabase(home, file, parts));
      var queues = starters.submit(() -> parts.own(QueueServer.start(home, file, resources)));
      var client = SqsClient.of(file);
      await(queues);
      parts.own(BucketServer.start(home, file, resources, client));
      await(database);
      parts.own(new ScheduleTimer(client, file.region())).start(resources.schedules());
    }
  }

  static void startDatabase(HomeDirectory home, HomeFile file, Parts parts) {
    parts.own(PostgresServer.start(home, file));
    HomeDatabase.of(file).prepare(file);
  }

  private static void await(Future<?> start) {
    try {
      start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HomeException sentence) {
        throw sentence;
      }
      LOG.error("unexpected failure during the start", e.getCause());
      throw new HomeException("The home did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while the home was being started.", e);
    }
  }
}
