package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.ingest.Acknowledged;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.queue.DeadLetters.Verdict;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.Kind;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the event of an upload to its load. */
class UploadListenerTest {
  private static final byte[] FILE = "AAA\nBBB\n".getBytes(StandardCharsets.US_ASCII);

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final UUID upload = UUID.randomUUID();
  private final AtomicInteger newLoads = new AtomicInteger();
  private final Acknowledged acknowledged = new Acknowledged();
  private Loads loads;
  private UploadListener listener;

  @BeforeEach
  void listen() {
    loads = new Loads(database);
    listener = new UploadListener(cloud.files(), loads.transactions(), newLoads::incrementAndGet);
  }

  private Map<String, String> metadata(Map<String, String> more) {
    var metadata = new HashMap<String, String>();
    metadata.put("book", loads.book().id().toString());
    metadata.put("partner", Integer.toString(loads.book().partner()));
    metadata.put("upload", upload.toString());
    metadata.put("length", Integer.toString(FILE.length));
    metadata.putAll(more);
    return metadata;
  }

  private String key() {
    return "uploads/%d/%s.csv".formatted(loads.book().partner(), upload);
  }

  private static String event(String bucket, String key) {
    return """
    {"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"%s"},"object":{"key":"%s"}}}]}
    """
        .formatted(bucket, key);
  }

  private void arrives(Map<String, String> more) {
    cloud.put(key(), metadata(more), FILE);
    listener.take(event("coupon-files", key()), acknowledged);
  }

  private Optional<CodeLoad> load() {
    return loads
        .transactions()
        .inTransaction(c -> CodeLoads.find(c, loads.partner(), new LoadId(upload)));
  }

  @Test
  void file_becomes_a_load_with_what_was_signed() {
    arrives(
        Map.of(
            "file-name", "codes%20of+spring.csv",
            "on-duplicate", "fail",
            "expiration", "2030-01-01T00:00:00+02:00",
            "sha256", "c2hh"));
    var load = load().orElseThrow();
    assertThat(load.kind()).isEqualTo(Kind.IMPORT);
    assertThat(load.state()).isEqualTo(State.QUEUED);
    assertThat(load.bookId()).isEqualTo(loads.book().number());
    assertThat(load.objectKey()).isEqualTo(key());
    assertThat(load.objectEtag()).isNotBlank();
    assertThat(load.fileName()).isEqualTo("codes of+spring.csv");
    assertThat(load.bytesTotal()).isEqualTo(FILE.length);
    assertThat(load.options().failOnDuplicate()).isTrue();
    assertThat(load.options().dryRun()).isFalse();
    assertThat(load.options().expiration()).isEqualTo(Instant.parse("2029-12-31T22:00:00Z"));
    assertThat(load.sha256()).isEqualTo("c2hh");
    assertThat(acknowledged.times()).isEqualTo(1);
    assertThat(newLoads).hasValue(1);
  }

  @Test
  void usual_file_skips_duplicates_and_is_kept() {
    arrives(Map.of());
    var load = load().orElseThrow();
    assertThat(load.options().failOnDuplicate()).isFalse();
    assertThat(load.options().dryRun()).isFalse();
    assertThat(load.options().expiration()).isNull();
    assertThat(load.fileName()).isNull();
  }

  @Test
  void same_event_three_times_is_one_load() {
    arrives(Map.of());
    arrives(Map.of());
    arrives(Map.of());
    assertThat(database.number("SELECT count(*) FROM code_load")).isEqualTo(1);
    assertThat(acknowledged.times()).isEqualTo(3);
    assertThat(newLoads).as("is told once").hasValue(1);
  }

  @Test
  void file_of_another_length_than_announced_is_doomed() {
    arrives(Map.of("length", "5"));
    assertThat(load().orElseThrow().reason())
        .isEqualTo("The file has 8 bytes and was announced with 5");
  }

  @Test
  void object_that_no_signed_url_can_have_made_is_ignored() {
    var unsigned =
        List.of(
            Map.of("book", "x"),
            Map.of("book", "7e57d004-2b97-0e7a-b45f-5387367791cd"),
            Map.of("partner", "1000000"),
            Map.of("upload", "7e57d004-2b97-0e7a-b45f-5387367791cd"),
            Map.of("length", "many"),
            Map.of("on-duplicate", "maybe"),
            Map.of("dry-run", "yes"),
            Map.of("expiration", "soon"));
    for (var metadata : unsigned) {
      arrives(metadata);
      assertThat(database.number("SELECT count(*) FROM code_load")).as("%s", metadata).isZero();
    }
    assertThat(acknowledged.times()).isEqualTo(unsigned.size());
    assertThat(newLoads).hasValue(0);
  }

  @Test
  void other_buckets_other_folders_and_objects_that_are_gone_are_ignored() {
    listener.take(event("other", key()), acknowledged);
    listener.take(event("coupon-files", "rejects/1/x.csv"), acknowledged);
    listener.take(event("coupon-files", key()), acknowledged);
    assertThat(database.number("SELECT count(*) FROM code_load")).isZero();
    assertThat(acknowledged.times()).isEqualTo(3);
  }

  @Test
  void what_is_not_an_event_is_not_acknowledged() {
    assertThatThrownBy(() -> listener.take("hello", acknowledged))
        .isInstanceOf(UndecodableMessageException.class);
    assertThat(acknowledged.times()).isZero();
  }

  @Test
  void dead_letter_that_is_an_event_is_tried_again_and_any_other_stays() {
    var dead = new RetryDeadUploads(cloud.sqs(), cloud.settings(), listener);
    assertThatThrownBy(() -> dead.tryAgain("hello"))
        .isInstanceOf(UndecodableMessageException.class);
    cloud.put(key(), metadata(Map.of()), FILE);
    assertThat(dead.tryAgain(event("coupon-files", key()))).isEqualTo(Verdict.DONE);
    assertThat(load()).isPresent();
  }
}
