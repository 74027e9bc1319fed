package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.local.BucketLife.Ended;
import dev.couponbook.program.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

class BucketLifeTest {
  private static final String BUCKET = "coupon-files";
  private static final byte[] CONTENT = "code\nA1\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private BlobStore store;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(folder.resolve(BUCKET));
    store = new FilesystemNio2BlobStore(folder.toString());
  }

  private Ended lookAfter(Duration time, Map<String, String> settings) throws IOException {
    var resources = Resources.load().asSet(new Environment(settings));
    try (var life =
        new BucketLife(
            store,
            folder,
            resources.buckets(),
            InstantSource.offset(InstantSource.system(), time))) {
      return life.runOnce();
    }
  }

  private Ended lookAfter(Duration time) throws IOException {
    return lookAfter(time, Map.of());
  }

  private void put(String key) {
    var unused =
        store.putBlob(
            PutObjectRequest.builder()
                .bucket(BUCKET)
                .key(key)
                .contentLength((long) CONTENT.length)
                .build(),
            new ByteArrayInputStream(CONTENT));
  }

  private boolean exists(String key) {
    return store.blobExists(BUCKET, key);
  }

  @Test
  void each_object_ends_after_the_days_of_its_prefix_and_not_before() throws IOException {
    for (var bucket : Resources.load().buckets()) {
      for (var rule : bucket.keep()) {
        var key = rule.prefix() + "1/a b.csv";
        put(key);
        var days = Duration.ofDays(rule.days());
        assertThat(lookAfter(days.minusMinutes(1))).as(key).isEqualTo(new Ended(0, 0));
        assertThat(exists(key)).isTrue();
        assertThat(lookAfter(days.plusMinutes(1))).as(key).isEqualTo(new Ended(1, 0));
        assertThat(exists(key)).isFalse();
      }
    }
  }

  @Test
  void what_has_none_of_the_prefixes_is_kept() throws IOException {
    put("others/1.csv");
    assertThat(lookAfter(Duration.ofDays(30_000))).isEqualTo(new Ended(0, 0));
    assertThat(exists("others/1.csv")).isTrue();
  }

  @Test
  void more_objects_than_one_listing_shows_end_in_one_look() throws IOException {
    for (int i = 0; i < 1_100; i++) {
      put("uploads/1/" + i + ".csv");
    }
    assertThat(lookAfter(Duration.ofDays(31))).isEqualTo(new Ended(1_100, 0));
  }

  @Test
  void the_days_are_settings() throws IOException {
    put("uploads/1/a.csv");
    put("summaries/1/a.json");
    var settings = Map.of("COUPON_KEEP_UPLOADS_DAYS", "2", "COUPON_KEEP_REPORTS_DAYS", "1");
    assertThat(lookAfter(Duration.ofHours(25), settings)).isEqualTo(new Ended(1, 0));
    assertThat(exists("uploads/1/a.csv")).isTrue();
    assertThat(lookAfter(Duration.ofHours(49), settings)).isEqualTo(new Ended(1, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "36501", "-1", "many", "1.5"})
  void a_bad_number_of_days_is_named(String days) {
    for (var setting : List.of("COUPON_KEEP_UPLOADS_DAYS", "COUPON_KEEP_REPORTS_DAYS")) {
      assertThatThrownBy(() -> Resources.load().asSet(new Environment(Map.of(setting, days))))
          .isInstanceOf(HomeException.class)
          .hasMessageStartingWith(setting + " must ");
    }
  }

  @Test
  void an_upload_in_parts_that_nobody_completed_is_aborted_after_two_days() throws IOException {
    var request =
        CreateMultipartUploadRequest.builder().bucket(BUCKET).key("uploads/1/left.csv").build();
    var upload = store.initiateMultipartUpload(request);
    store.uploadMultipartPart(
        upload,
        UploadPartRequest.builder()
            .bucket(BUCKET)
            .key("uploads/1/left.csv")
            .partNumber(1)
            .contentLength((long) CONTENT.length)
            .build(),
        new ByteArrayInputStream(CONTENT));
    var empty =
        store.initiateMultipartUpload(
            CreateMultipartUploadRequest.builder().bucket(BUCKET).key("codes/1/left.csv").build());
    assertThat(List.of(upload, empty)).extracting(MultipartUpload::id).doesNotHaveDuplicates();

    assertThat(lookAfter(Duration.ofHours(47))).isEqualTo(new Ended(0, 0));
    assertThat(store.listMultipartUploads(BUCKET)).hasSize(2);
    assertThat(lookAfter(Duration.ofHours(49))).isEqualTo(new Ended(0, 2));
    assertThat(store.listMultipartUploads(BUCKET)).isEmpty();
    assertThat(files()).as("no part is left").isEmpty();
    assertThat(lookAfter(Duration.ofHours(49))).isEqualTo(new Ended(0, 0));
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList();
    }
  }
}
