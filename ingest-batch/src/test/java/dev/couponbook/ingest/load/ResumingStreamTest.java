package dev.couponbook.ingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumingStreamTest {
  private static final byte[] FILE = "0123456789".getBytes(StandardCharsets.US_ASCII);

  private final List<Long> opened = new ArrayList<>();

  /** A connection that gives this many bytes, and then breaks. */
  private static final class Breaking extends FilterInputStream {
    private int left;

    Breaking(InputStream in, int bytes) {
      super(in);
      left = bytes;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException("connection reset");
      }
      int read = super.read(bytes, offset, Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }
  }

  private ResumingStream stream(int from, int to, int bytesPerConnection) {
    return new ResumingStream(
        from,
        to,
        (begin, end) -> {
          opened.add(begin);
          var range = new ByteArrayInputStream(FILE, (int) begin, (int) (end - begin));
          return new Breaking(range, bytesPerConnection);
        });
  }

  @Test
  void range_is_read_once_over_connections_that_break() throws IOException {
    try (var stream = stream(2, 9, 3)) {
      assertThat(new String(stream.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("2345678");
    }
    assertThat(opened).containsExactly(2L, 5L, 8L);
  }

  @Test
  void connection_that_ends_too_early_counts_as_broken() throws IOException {
    var stream =
        new ResumingStream(
            0,
            10,
            (begin, end) -> {
              opened.add(begin);
              return new ByteArrayInputStream(FILE, (int) begin, 6);
            });
    assertThat(stream.readAllBytes()).isEqualTo(FILE);
    assertThat(opened).containsExactly(0L, 6L);
  }

  @Test
  void file_that_is_unusable_now_is_not_opened_again() {
    var stream =
        new ResumingStream(
            0,
            10,
            (begin, end) -> {
              opened.add(begin);
              throw new UnusableFileException("The file was removed before it was read");
            });
    assertThatThrownBy(stream::readAllBytes).isInstanceOf(UnusableFileException.class);
    assertThat(opened).hasSize(1);
  }
}
