package dev.couponbook.ingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.LocalCloud;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FileStoreTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  private final FileStore files = cloud.files();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void object_is_known_with_its_metadata_or_not_at_all() {
    cloud.put("store/known.csv", Map.of("book", "b"), bytes("AAA\n"));
    var head = files.head("store/known.csv").orElseThrow();
    assertThat(head.contentLength()).isEqualTo(4);
    assertThat(head.metadata()).containsEntry("book", "b");
    assertThat(files.head("store/unknown.csv")).isEmpty();
  }

  @Test
  void range_of_the_object_as_it_was_is_read() throws IOException {
    var etag = cloud.put("store/range.csv", Map.of(), bytes("0123456789"));
    try (var in = files.open("store/range.csv", etag, 3, 7)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes("3456"));
    }
  }

  @Test
  void object_that_was_replaced_or_removed_is_unusable() {
    var etag = cloud.put("store/replaced.csv", Map.of(), bytes("AAA\n"));
    cloud.put("store/replaced.csv", Map.of(), bytes("BBB\n"));
    assertThatThrownBy(() -> files.open("store/replaced.csv", etag, 0, 4).readAllBytes())
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("The file was replaced after it was uploaded");
    cloud.delete("store/replaced.csv");
    assertThatThrownBy(() -> files.open("store/replaced.csv", etag, 0, 4).readAllBytes())
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("The file was removed before it was read");
  }

  @Test
  void object_of_several_parts_arrives_whole() throws IOException {
    var content = new byte[9 * 1024 * 1024];
    new Random(1).nextBytes(content);
    files.put("store/large", "text/csv", out -> out.write(content));
    var etag = files.head("store/large").orElseThrow().eTag();
    try (var in = files.open("store/large", etag, 0, content.length)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void object_whose_writer_fails_is_not_there() {
    assertThatThrownBy(() ->
            files.put(
                "store/failed",
                "text/csv",
                out -> {
                  out.write(new byte[9 * 1024 * 1024]);
                  throw new IOException("no more rows");
                }))
        .hasMessage("no more rows");
    assertThat(files.head("store/failed")).isEmpty();
  }
}
