package dev.couponbook.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.elasticmq.QueueData;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.persistence.CreateQueueMetadata;
import org.elasticmq.persistence.DeadLettersQueue;
import org.elasticmq.persistence.sql.DB;
import org.elasticmq.persistence.sql.MessageRepository;
import org.elasticmq.persistence.sql.QueueRepository;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;
import scalikejdbc.ConnectionPool;

/**
 * The queues and their messages on disk, in ElasticMQ's own tables. Each write is committed when it
 * returns. A message is in the table of one queue only: when it becomes a dead letter, it leaves
 * the table of the queue from which it came.
 *
 * <p>Not safe for use by several threads; {@link KeepMessages} has one.
 */
final class QueueStore implements AutoCloseable {
  private final DB db;
  private final QueueRepository queues;
  private final Map<String, MessageRepository> messages = new HashMap<>();

  /** By queue, where its dead letters go and after how many receives. */
  private final Map<String, DeadLettersQueue> deadLetters = new HashMap<>();

  /** By queue and message, how often those were received that were received at all. */
  private final Map<String, Map<String, Integer>> receives = new HashMap<>();

  QueueStore(SqlQueuePersistenceConfig config) {
    reopen(config.uri());
    db = new DB(config);
    queues = new QueueRepository(db);
  }

  private static boolean openedBefore;

  // ElasticMQ opens the connection pool of its store once per JVM; close() has closed it, and
  // tests start one home after another.
  private static synchronized void reopen(String uri) {
    if (openedBefore) {
      ConnectionPool.singleton(
          uri,
          "",
          "",
          ConnectionPool.singleton$default$4(),
          ConnectionPool.DEFAULT_CONNECTION_POOL_FACTORY());
    }
    openedBefore = true;
  }

  /**
   * The queues of the store and, of those that are declared, the ones that it does not have yet; a
   * queue of dead letters comes before those whose letters it takes.
   */
  List<CreateQueueMetadata> open(scala.collection.immutable.List<CreateQueueMetadata> declared) {
    var all =
        CollectionConverters.asJava(
            CreateQueueMetadata.mergePersistedAndBaseQueues(queues.findAll(), declared));
    for (var queue : all) {
      messages.put(queue.name(), new MessageRepository(queue.name(), db));
      setDeadLetters(queue.name(), OptionConverters.toJava(queue.deadLettersQueue()).orElse(null));
    }
    return all;
  }

  private void setDeadLetters(String queue, @Nullable DeadLettersQueue dead) {
    if (dead == null) {
      deadLetters.remove(queue);
    } else {
      deadLetters.put(queue, dead);
    }
  }

  /**
   * The messages that a queue had when the home ended. If it was killed while a message became a
   * dead letter, the message is in two tables, and stays a dead letter.
   */
  List<InternalMessage> messagesOf(String queue) {
    var all = new ArrayList<>(CollectionConverters.asJava(repository(queue).findAll()));
    var dead = deadLetters.get(queue);
    if (dead != null && messages.containsKey(dead.name())) {
      var letters = new HashSet<String>();
      CollectionConverters.asJava(repository(dead.name()).findAll())
          .forEach(letter -> letters.add(letter.id()));
      all.removeIf(message -> {
        boolean moved = letters.contains(message.id());
        if (moved) {
          remove(queue, message.id());
        }
        return moved;
      });
    }
    all.forEach(message -> count(queue, message));
    return all;
  }

  /** Writes down a queue that is new, or has new attributes. */
  void keep(QueueData queue) {
    var metadata = CreateQueueMetadata.from(queue);
    if (queues.update(metadata) == 0) {
      queues.add(metadata);
    }
    messages.computeIfAbsent(queue.name(), name -> new MessageRepository(name, db));
    setDeadLetters(queue.name(), OptionConverters.toJava(metadata.deadLettersQueue()).orElse(null));
  }

  void drop(String queue) {
    queues.remove(queue);
    var repository = messages.remove(queue);
    if (repository != null) {
      repository.drop();
    }
    deadLetters.remove(queue);
    receives.remove(queue);
  }

  /** Adds a message; a dead letter leaves the queue from which it came. */
  void add(String queue, InternalMessage message) {
    var source = OptionConverters.toJava(message.deadLetterSourceQueueName()).orElse(null);
    if (source == null) {
      repository(queue).add(message);
      return;
    }
    // It was moved and kept its id, under which it may have been here before.
    if (repository(queue).update(message) == 0) {
      repository(queue).add(message);
    }
    // Only after it was added here: killed in between, it is in both, and not in none.
    if (queue.equals(deadLettersOf(source))) {
      remove(source, message.id());
    }
  }

  void update(String queue, InternalMessage message) {
    repository(queue).update(message);
    count(queue, message);
  }

  void remove(String queue, String message) {
    repository(queue).remove(message);
    receivesOf(queue).remove(message);
  }

  private @Nullable String deadLettersOf(String queue) {
    var dead = deadLetters.get(queue);
    return dead == null ? null : dead.name();
  }

  /**
   * The queue of dead letters into which this message may just have been moved, because it was
   * received as often as it may; null if it was received less often.
   */
  @Nullable String mayHaveMovedTo(String queue, String message) {
    var dead = deadLetters.get(queue);
    return dead != null && receivesOf(queue).getOrDefault(message, 0) >= dead.maxReceiveCount()
        ? dead.name()
        : null;
  }

  private void count(String queue, InternalMessage message) {
    if (deadLetters.containsKey(queue) && message.receiveCount() > 0) {
      receivesOf(queue).put(message.id(), message.receiveCount());
    }
  }

  private Map<String, Integer> receivesOf(String queue) {
    return receives.computeIfAbsent(queue, _ -> new HashMap<>());
  }

  private MessageRepository repository(String queue) {
    var repository = messages.get(queue);
    if (repository == null) {
      throw new IllegalStateException("The store has no queue " + queue);
    }
    return repository;
  }

  @Override
  public void close() {
    ConnectionPool.closeAll();
  }
}
