package dev.couponbook.ingest.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import dev.couponbook.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SortBlockTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private static NewCode at(long offset, String code) {
    return new NewCode(code.getBytes(StandardCharsets.US_ASCII), NewCode.NEVER, offset);
  }

  private static Block block(NewCode... codes) {
    var reject = new RejectedRow(4, 40, "no_code", "");
    return new Block(10, 90, 7, 80, List.of(codes), List.of(reject), List.of());
  }

  @Test
  void codes_are_sorted_and_of_equal_ones_the_first_of_the_file_stays() {
    var loads = new Loads(database);
    var sort = new SortBlock(loads.transactions(), loads.create(Loads.file(90)));
    var sorted =
        sort.process(block(at(10, "b"), at(20, "B"), at(30, "a"), at(50, "b"), at(60, "a")));
    assertThat(sorted.codes()).extracting(NewCode::text).containsExactly("B", "a", "b");
    assertThat(sorted.codes()).extracting(NewCode::offset).containsExactly(20L, 30L, 10L);
    assertThat(sorted.duplicates()).hasSize(2);
    assertThat(sorted.picks()).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void place_and_rejects_of_the_block_stay_as_they_are() {
    var loads = new Loads(database);
    var sort = new SortBlock(loads.transactions(), loads.create(Loads.file(90)));
    var sorted = sort.process(block(at(10, "A")));
    assertThat(sorted.from()).isEqualTo(10);
    assertThat(sorted.to()).isEqualTo(90);
    assertThat(sorted.lines()).isEqualTo(7);
    assertThat(sorted.bytes()).isEqualTo(80);
    assertThat(sorted.rejects()).extracting(RejectedRow::line).containsExactly(4L);
  }

  @Test
  void staged_codes_get_no_pick_numbers_yet() {
    var loads = new Loads(database);
    var load = loads.create(Loads.dryRun(Loads.file(90)));
    var sorted = new SortBlock(loads.transactions(), load).process(block(at(10, "A")));
    assertThat(sorted.picks()).isEmpty();
    assertThat(database.number("SELECT next_pick FROM coupon_book_pick")).isZero();
  }
}
