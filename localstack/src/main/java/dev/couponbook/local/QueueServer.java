package dev.couponbook.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.Limits;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.RestoreMessages;
import org.elasticmq.persistence.CreateQueueMetadata;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.TheSQSRestServerBuilder;
import org.elasticmq.server.config.ElasticMQServerConfig;
import org.elasticmq.util.NowProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Either;

/**
 * SQS: ElasticMQ's queues and its server, put together here so that {@link KeepMessages} writes
 * down what is in them, and so that nobody is answered before they are back.
 */
final class QueueServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueServer.class);
  private static final Duration RESTORE_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final ActorSystem system;
  private final SQSRestServer server;
  private final QueueStore store;

  private QueueServer(ActorSystem system, SQSRestServer server, QueueStore store) {
    this.system = system;
    this.server = server;
    this.store = store;
  }

  static QueueServer start(HomeDirectory home, HomeFile file, Resources resources) {
    var config = new ElasticMQServerConfig(settings(home, file, resources).resolve());
    var store = new QueueStore(config.sqlQueuePersistenceConfig());
    var system = ActorSystem.create("elasticmq");
    try {
      var server = new QueueServer(system, restored(system, store, config), store);
      var client = SqsClient.of(file);
      resources.queues().forEach(queue -> alignAttributes(client, file, queue));
      return server;
    } catch (RuntimeException e) {
      system.terminate();
      store.close();
      throw e;
    }
  }

  private static Config settings(HomeDirectory home, HomeFile file, Resources resources) {
    var settings = new LinkedHashMap<String, Object>();
    var ports = file.ports();
    settings.put("rest-sqs.bind-hostname", "127.0.0.1");
    settings.put("rest-sqs.bind-port", ports.sqs());
    settings.put("node-address.host", "127.0.0.1");
    settings.put("node-address.port", ports.sqs());
    settings.put("aws.region", file.region());
    settings.put("aws.accountId", SqsClient.ACCOUNT);
    settings.put("messages-storage.driver-class", "org.sqlite.JDBC");
    settings.put("messages-storage.uri", store(home));
    return ConfigFactory.parseMap(settings)
        .withValue("queues", ConfigValueFactory.fromMap(declared(resources)))
        .withFallback(ConfigFactory.load());
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

  private record Kept(CreateQueueMetadata queue, List<InternalMessage> messages) {}

  /** The server, with all queues as they were. */
  private static SQSRestServer restored(
      ActorSystem system, QueueStore store, ElasticMQServerConfig config) {
    // Before the store has its own thread.
    var kept = new ArrayList<Kept>();
    for (var queue : store.open(config.baseQueues())) {
      kept.add(new Kept(queue, store.messagesOf(queue.name())));
    }
    var keeper = system.actorOf(KeepMessages.of(store));
    var limits = new QuickLimits((Limits) config.restSqs().sqsLimits());
    var queues =
        system.actorOf(
            Props.create(
                QueueManagerActor.class,
                () -> new QueueManagerActor(new NowProvider(), limits, Option.apply(keeper))));
    keeper.tell(new KeepMessages.Queues(queues), ActorRef.noSender());
    kept.forEach(queue -> restore(queues, queue));
    var server =
        new TheSQSRestServerBuilder(
                Option.apply(system),
                Option.apply(queues),
                config.restSqs().bindHostname(),
                config.restSqs().bindPort(),
                config.nodeAddress(),
                config.generateNodeAddress(),
                limits,
                config.awsRegion(),
                config.awsAccountId(),
                Option.apply(keeper),
                config.autoCreateQueues())
            .start();
    var _ = server.waitUntilStarted();
    return server;
  }

  private static void restore(ActorRef queues, Kept kept) {
    var name = kept.queue().name();
    var created =
        (Either<?, ?>) await(name, queues, new CreateQueue(kept.queue().toCreateQueueData()));
    if (created.isLeft()) {
      throw new HomeException(
          "The queue " + name + " cannot be made (" + created.left().toOption().get() + ").");
    }
    await(
        name,
        (ActorRef) created.toOption().get(),
        new RestoreMessages(CollectionConverters.asScala(kept.messages()).toList()));
    if (!kept.messages().isEmpty()) {
      LOG.info("{} messages are back in queue {}", kept.messages().size(), name);
    }
  }

  private static Object await(String queue, ActorRef actor, Object message) {
    try {
      return Patterns.ask(actor, message, RESTORE_LIMIT).toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new HomeException(
          "The queue " + queue + " did not come back: " + e.getCause() + "; see logs/infra.log.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while the home was being started.", e);
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
  public void close() throws Exception {
    await(FutureConverters.asJava(server.stopAndGetFuture().apply()));
    system.terminate();
    await(system.getWhenTerminated());
    store.close();
  }

  private static void await(CompletionStage<?> end) throws Exception {
    end.toCompletableFuture().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
