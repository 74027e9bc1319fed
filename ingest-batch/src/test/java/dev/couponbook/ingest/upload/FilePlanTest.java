package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.upload.FilePlan.Beginning;
import dev.couponbook.store.load.LoadParts.Range;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a file is cut. */
class FilePlanTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 100, 1_300_000, 65_000_000, 1L << 30, 10L << 30, 5L << 40})
  void ranges_cover_the_rows_once_and_are_some_hundred_at_most(long length) throws Exception {
    var ranges = ranges("code\nAAAABBBBCCCC\n", length + 5);
    assertThat(ranges.getFirst().from()).isEqualTo(5);
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i).from()).isEqualTo(ranges.get(i - 1).to());
    }
    assertThat(ranges.getLast().to()).isEqualTo(length + 5);
    assertThat(ranges).hasSizeLessThanOrEqualTo(256);
  }

  @Test
  void range_of_a_common_file_is_one_full_chunk_so_that_no_worker_is_busy_alone_for_long()
      throws Exception {
    var ranges = ranges("AAAABBBBCCCC\n".repeat(100), 13 * 2_000_000);
    assertThat(ranges).hasSizeBetween(20, 21);
    assertThat(ranges.getFirst().to() / 13).isBetween(95_000L, 100_000L);
  }

  @Test
  void lines_without_an_end_make_no_range_that_one_worker_would_have_alone() throws Exception {
    assertThat(ranges("A".repeat(60_000), 1L << 30)).hasSizeGreaterThan(60);
  }

  private static List<Range> ranges(String head, long length) throws Exception {
    return FilePlan.ranges(Beginning.of(false, head.getBytes(StandardCharsets.US_ASCII)), length);
  }
}
