package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.GzipFile;
import dev.couponbook.ingest.load.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gzip file is read whole, or refused with a reason. */
class GunzippedTextTest {
  @Test
  void text_of_all_members_comes_and_every_byte_of_the_file_is_counted() throws Exception {
    var file = new ByteArrayOutputStream();
    file.writeBytes(GzipFile.of("AAA\nB".getBytes(StandardCharsets.UTF_8)));
    file.writeBytes(GzipFile.of("BB\n".getBytes(StandardCharsets.UTF_8)));
    var text = new GunzippedText(new ByteArrayInputStream(file.toByteArray()));
    assertThat(text.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("AAA\nBBB\n");
    assertThat(text.bytesRead()).isEqualTo(file.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void file_that_ends_early_says_so_wherever_it_was_cut(long seed) throws Exception {
    var random = new Random(seed);
    var noise = new byte[20_000];
    random.nextBytes(noise);
    var file = GzipFile.of(noise);
    for (int i = 0; i < 50; i++) {
      int length = 2 + random.nextInt(file.length - 2);
      assertThatThrownBy(() -> read(Arrays.copyOf(file, length)))
          .as("seed %s, %s of %s bytes", seed, length, file.length)
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("ends too early");
    }
  }

  @Test
  void damaged_file_and_a_tail_that_is_no_gzip_are_refused() throws Exception {
    var file = GzipFile.of("AAA\nBBB\nCCC\n".getBytes(StandardCharsets.UTF_8));
    var damaged = file.clone();
    damaged[file.length - 6] ^= 1; // in its checksum
    var tail = Arrays.copyOf(file, file.length + 20);
    for (var bad : new byte[][] {damaged, tail}) {
      assertThatThrownBy(() -> read(bad))
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void bomb_is_refused_after_its_first_megabytes() throws Exception {
    var bomb = GzipFile.of("A\n".repeat(50_000_000).getBytes(StandardCharsets.US_ASCII));
    var text = new GunzippedText(new ByteArrayInputStream(bomb));
    assertThatThrownBy(text::readAllBytes)
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("expands to more than 100 times its size");
    assertThat(text.bytesRead()).isLessThan(bomb.length / 2);
  }

  @Test
  void failure_of_the_bucket_is_not_blamed_on_the_file() {
    var away =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the bucket is away");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThatThrownBy(() -> new GunzippedText(away).read())
        .isNotInstanceOf(UnusableFileException.class)
        .hasMessage("the bucket is away");
  }

  private static byte[] read(byte[] file) throws IOException {
    try (var text = new GunzippedText(new ByteArrayInputStream(file))) {
      return text.readAllBytes();
    }
  }
}
