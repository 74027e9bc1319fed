package dev.couponbook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;

/**
 * What objects in the bucket carry and later versions must still read: the golden file is the
 * contract.
 */
class UploadMetadataTest {
  private static final BookId BOOK = BookId.parse("0197a3c0-0000-7000-8000-000000000001");
  private static final LoadId UPLOAD = LoadId.parse("0197a3c0-0000-7000-8000-000000000003");
  private static final UploadMetadata FULL =
      new UploadMetadata(
          BOOK,
          new PartnerId(7),
          UPLOAD,
          "März 1+2.csv",
          68_719_476_736L,
          new LoadOptions(
              true,
              true,
              Instant.parse("2029-12-31T23:00:00Z"),
              1_000L,
              new StatedLayout(
                  true,
                  ';',
                  new ColumnChoice.Named("Gutschein-Nr. ü"),
                  ColumnChoice.None.NONE,
                  "Europe/Berlin",
                  "dd.MM.yyyy",
                  true)),
          "3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu8=");

  @Test
  void metadata_is_written_as_its_golden_file_says() {
    assertThat(FULL.toMap()).containsExactlyEntriesOf(golden());
    assertThat(String.join("", FULL.toMap().values())).isASCII();
  }

  @Test
  void golden_metadata_is_read_back_whole() {
    assertThat(UploadMetadata.of(golden())).isEqualTo(FULL);
  }

  @Test
  void members_that_were_left_out_are_absent() {
    var least =
        new UploadMetadata(BOOK, new PartnerId(7), UPLOAD, null, 0, LoadOptions.USUAL, null);
    assertThat(least.toMap())
        .doesNotContainKeys("file-name", "expiration", "max-rejects", "layout", "sha256");
    assertThat(UploadMetadata.of(least.toMap())).isEqualTo(least);
  }

  @Test
  void an_object_of_an_older_version_is_still_read() {
    var older = golden();
    older.put("request", UPLOAD.toString());
    assertThat(UploadMetadata.of(older)).isEqualTo(FULL);
    older.remove("on-duplicate");
    older.remove("dry-run");
    assertThat(UploadMetadata.of(older).options().failOnDuplicate()).isFalse();
    assertThat(UploadMetadata.of(older).options().dryRun()).isFalse();
  }

  @Test
  void the_key_says_whose_file_it_is() {
    assertThat(FULL.key()).isEqualTo("uploads/7/0197a3c0-0000-7000-8000-000000000003.csv");
  }

  @ParameterizedTest
  @CsvSource({
    "book, none, bookId must be an id as this service gave it out (a UUID)",
    "upload, none, uploadId must be an id as this service gave it out (a UUID)",
    "partner, x, metadata that the edge does not write",
    "length, 1.5, metadata that the edge does not write",
    "max-rejects, few, metadata that the edge does not write",
    "layout, e30x, metadata that the edge does not write",
    "expiration, tomorrow, 'expiration must be a time with a zone, as in 2030-01-31T12:00:00Z'",
    "on-duplicate, maybe, metadata on-duplicate that the edge does not write",
    "dry-run, TRUE, metadata dry-run that the edge does not write"
  })
  void broken_metadata_is_refused_with_its_reason(String name, String value, String reason) {
    var broken = golden();
    broken.put(name, value);
    assertThatThrownBy(() -> UploadMetadata.of(broken))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage(reason);
  }

  private static Map<String, String> golden() {
    var file = "/golden/upload_metadata.json";
    try (var stream =
        Objects.requireNonNull(UploadMetadataTest.class.getResourceAsStream(file), file)) {
      return Json.mapper().readValue(stream, new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
