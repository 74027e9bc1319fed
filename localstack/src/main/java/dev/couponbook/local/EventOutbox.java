package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import tools.jackson.core.JacksonException;

/**
 * The events that are still owed, one file each, from before an object is written until its event
 * is in the queue: at least once, as S3 promises. No event is owed for keys that no notification
 * asks for.
 */
final class EventOutbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventOutbox.class);
  private static final int RETRY_SECONDS = 1;

  private final Path folder;
  private final Resources resources;
  private final ObjectEventJson json;
  private final BlobStore store;
  private final SqsClient queues;
  private final Set<Path> due = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("event-outbox").daemon().factory());

  EventOutbox(
      Path folder, Resources resources, ObjectEventJson json, BlobStore store, SqsClient queues) {
    this.folder = folder;
    this.resources = resources;
    this.json = json;
    this.store = store;
    this.queues = queues;
  }

  /** An event that is owed once its object is there. */
  interface Promise {
    /** The object is there. */
    void keep();

    /** The object was refused. */
    void withdraw();
  }

  private record Owed(String event, String bucket, String key) {}

  /** Sends what an earlier run of the home still owed and, from now on, retries what fails. */
  void start() {
    try (var files = Files.list(folder)) {
      files.filter(file -> file.toString().endsWith(".json")).forEach(due::add);
    } catch (IOException e) {
      throw new HomeException("The outbox " + folder + " cannot be read (" + e + ").", e);
    }
    if (!due.isEmpty()) {
      LOG.info("{} object events were still owed", due.size());
    }
    retries.scheduleWithFixedDelay(this::runOnce, 0, RETRY_SECONDS, TimeUnit.SECONDS);
  }

  Promise promise(String event, String bucket, String key) {
    if (wanting(new Owed(event, bucket, key)).isEmpty()) {
      return NOTHING_OWED;
    }
    var file = folder.resolve(UUID.randomUUID() + ".json");
    try {
      SecretFile.write(
          file,
          Json.mapper()
              .writeValueAsString(new Owed(event, bucket, key))
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The upload fails, and nothing was kept.
      throw new UncheckedIOException(e);
    }
    return new Promise() {
      @Override
      public void keep() {
        settle(file);
      }

      @Override
      public void withdraw() {
        forget(file);
      }
    };
  }

  private static final Promise NOTHING_OWED =
      new Promise() {
        @Override
        public void keep() {}

        @Override
        public void withdraw() {}
      };

  private void runOnce() {
    due.forEach(this::settle);
  }

  private void settle(Path file) {
    try {
      var owed = Json.mapper().readValue(Files.readString(file), Owed.class);
      var object = find(owed);
      if (object != null) {
        for (var notification : wanting(owed)) {
          queues.send(
              notification.queue(), json.of(owed.event(), owed.bucket(), owed.key(), object));
        }
      }
      forget(file);
    } catch (IOException | JacksonException e) {
      if (due.add(file)) {
        LOG.warn(
            "an object event could not be sent to its queue and waits in {}: {}",
            file,
            e.toString());
      }
    }
  }

  private @Nullable HeadObjectResponse find(Owed owed) {
    try {
      return store.blobMetadata(
          HeadObjectRequest.builder().bucket(owed.bucket()).key(owed.key()).build());
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        // The home was killed before the object was written, or the object was removed since.
        return null;
      }
      throw e;
    }
  }

  private void forget(Path file) {
    try {
      Files.deleteIfExists(file);
      due.remove(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed; its event may be sent again: {}", file, e.toString());
    }
  }

  private List<Resources.Notification> wanting(Owed owed) {
    return resources.notificationsOf(owed.bucket()).stream()
        .filter(notification -> notification.wants(owed.event(), owed.key()))
        .toList();
  }

  @Override
  public void close() {
    retries.shutdownNow();
  }
}
