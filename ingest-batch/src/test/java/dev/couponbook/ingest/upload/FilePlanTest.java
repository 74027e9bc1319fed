package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.LoadParts.NewPart;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a file is cut into parts. */
class FilePlanTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 100, 1_300_000, 65_000_000, 1L << 30, 10L << 30, 5L << 40})
  void parts_cover_every_row_once_and_are_a_few_hundred_at_most(long length) throws Exception {
    var parts = parts("code\nAAAABBBBCCCC\n", length + 5);
    assertThat(parts.getFirst().from()).isEqualTo(5);
    for (int i = 1; i < parts.size(); i++) {
      assertThat(parts.get(i).from()).isEqualTo(parts.get(i - 1).to());
    }
    assertThat(parts.getLast().to()).isEqualTo(length + 5);
    assertThat(parts).hasSizeLessThanOrEqualTo(256);
  }

  @Test
  void part_of_a_usual_file_is_one_full_block_so_that_no_worker_is_busy_alone_for_long()
      throws Exception {
    var parts = parts("AAAABBBBCCCC\n".repeat(100), 13 * 2_000_000);
    assertThat(parts).hasSizeBetween(20, 21);
    assertThat(parts.getFirst().to() / 13).isBetween(95_000L, 100_000L);
  }

  @Test
  void lines_without_an_end_make_no_part_that_one_worker_would_have_alone() throws Exception {
    assertThat(parts("A".repeat(60_000), 1L << 30)).hasSizeGreaterThan(60);
  }

  private static List<NewPart> parts(String head, long length) throws Exception {
    var first = FileHead.of(head.getBytes(StandardCharsets.US_ASCII));
    var layout = FindLayout.of(false, first, StatedLayout.NOTHING);
    return FilePlan.parts(layout, first.bytesPerLine(), length, Block.ROWS);
  }
}
