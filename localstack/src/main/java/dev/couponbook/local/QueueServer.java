package dev.couponbook.local;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.Terminated;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function0;
import scalikejdbc.ConnectionPool;

/** SQS: ElasticMQ with its store on disk, and the listed queues in it. */
final class QueueServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueServer.class);

  /** ElasticMQ itself allows five seconds for restoring a queue. */
  private static final Duration RESTORE_LIMIT = Duration.ofSeconds(30);

  private final Function0<Terminated> stop;

  private QueueServer(Function0<Terminated> stop) {
    this.stop = stop;
  }

  static QueueServer start(HomeDirectory home, HomeFile file, Resources resources) {
    var settings = new LinkedHashMap<String, Object>();
    var ports = file.ports();
    settings.put("rest-sqs.bind-hostname", "127.0.0.1");
    settings.put("rest-sqs.bind-port", ports.sqs());
    settings.put("node-address.host", "127.0.0.1");
    settings.put("node-address.port", ports.sqs());
    settings.put("aws.region", file.region());
    settings.put("aws.accountId", SqsClient.ACCOUNT);
    settings.put("messages-storage.enabled", true);
    var store = store(home);
    settings.put("messages-storage.driver-class", "org.sqlite.JDBC");
    settings.put("messages-storage.uri", store);
    reopen(store);
    var config =
        ConfigFactory.parseMap(settings)
            .withValue("queues", ConfigValueFactory.fromMap(declared(resources)))
            .withFallback(ConfigFactory.load());
    var server =
        new QueueServer(new ElasticMQServer(new ElasticMQServerConfig(config.resolve())).start());
    var client = SqsClient.of(file);
    awaitRestored(client, resources);
    resources.queues().forEach(queue -> alignAttributes(client, file, queue));
    return server;
  }

  /**
   * ElasticMQ commits each send, receive and delete separately. SQLite's write-ahead log turns that
   * into one append to a file, which the operating system has once the call is answered, so that a
   * killed process loses nothing, and which is on disk at the next checkpoint.
   */
  private static String store(HomeDirectory home) {
    return "jdbc:sqlite:"
        + home.queue().resolve("messages.db")
        + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=5000&wal_autocheckpoint=16384";
  }

  private static boolean openedBefore;

  // ElasticMQ opens the connection pool of its store once per JVM; close() has closed it, and
  // tests start one home after another.
  private static synchronized void reopen(String store) {
    if (openedBefore) {
      ConnectionPool.singleton(
          store,
          "",
          "",
          ConnectionPool.singleton$default$4(),
          ConnectionPool.DEFAULT_CONNECTION_POOL_FACTORY());
    }
    openedBefore = true;
  }

  // Queues that the store does not have yet are created from this; the others come back as they
  // were.
  private static Map<String, Object> declared(Resources resources) {
    var queues = new LinkedHashMap<String, Object>();
    for (var queue : resources.queues()) {
      var settings = new LinkedHashMap<String, Object>();
      settings.put("defaultVisibilityTimeout", queue.visibilitySeconds() + " seconds");
      var dead = queue.deadLetter();
      if (dead != null) {
        settings.put(
            "deadLettersQueue",
            Map.of("name", dead.queue(), "maxReceiveCount", dead.maxReceives()));
      }
      queues.put(queue.name(), settings);
    }
    return queues;
  }

  // The server answers before its queues are back.
  private static void awaitRestored(SqsClient client, Resources resources) {
    var deadline = Instant.now().plus(RESTORE_LIMIT);
    for (var queue : resources.queues()) {
      while (!client.exists(queue.name())) {
        if (Instant.now().isAfter(deadline)) {
          throw new HomeException(
              "The queue "
                  + queue.name()
                  + " did not come back within "
                  + RESTORE_LIMIT.toSeconds()
                  + " s; see logs/infra.log.");
        }
        Pause.millis(20);
      }
    }
  }

  // A queue from the store has the attributes of the day it was created; the list may have
  // changed since.
  private static void alignAttributes(SqsClient client, HomeFile file, Resources.Queue queue) {
    var wanted = new LinkedHashMap<String, String>();
    wanted.put("VisibilityTimeout", Integer.toString(queue.visibilitySeconds()));
    var dead = queue.deadLetter();
    if (dead != null) {
      wanted.put("RedrivePolicy", client.redrivePolicy(file.region(), dead));
    }
    var actual = client.attributes(queue.name());
    if (!client.same(wanted, actual)) {
      LOG.info("set the attributes of queue {} to {}", queue.name(), wanted);
      client.setAttributes(queue.name(), wanted);
    }
  }

  @Override
  public void close() {
    stop.apply();
    ConnectionPool.closeAll();
  }
}
