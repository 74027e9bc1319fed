package dev.couponbook.ingest.generate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.BlockReader;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Codes from counters: those of the amount, and those that stand in for taken ones. */
class CounterBlocksTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;
  private CodeLoad load;

  @BeforeEach
  void createLoad() {
    loads = new Loads(database);
    load = loads.createGeneration(20, "G{9:2}");
  }

  private Part part(long from, long to, long position) {
    return new Part(load.id(), 0, from, to, position, 0, 0, Counts.NONE);
  }

  private static List<String> read(BlockReader blocks) throws IOException {
    var codes = new ArrayList<String>();
    for (var block = blocks.next(); block != null; block = blocks.next()) {
      codes.addAll(block.codes().stream().map(NewCode::text).toList());
    }
    return codes;
  }

  private static Block next(BlockReader blocks) {
    try {
      return requireNonNull(blocks.next());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void counters_of_all_parts_make_different_codes_of_the_pattern() throws IOException {
    var first = read(CounterBlocks.open(load, part(0, 50, 0), 7));
    var second = read(CounterBlocks.open(load, part(50, 100, 50), 7));
    var all = new ArrayList<>(first);
    all.addAll(second);
    assertThat(all)
        .hasSize(100)
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("G[0-9]{2}"));
  }

  @Test
  void part_goes_on_at_its_position_with_the_codes_that_are_missing() throws IOException {
    var all = read(CounterBlocks.open(load, part(0, 20, 0), 7));
    assertThat(read(CounterBlocks.open(load, part(0, 20, 13), 7))).isEqualTo(all.subList(13, 20));
  }

  @Test
  void block_says_which_counters_it_has() {
    var blocks = CounterBlocks.open(load, part(0, 20, 13), 5);
    var block = next(blocks);
    assertThat(block.from()).isEqualTo(13);
    assertThat(block.to()).isEqualTo(18);
    assertThat(block.codes()).extracting(NewCode::offset).containsExactly(13L, 14L, 15L, 16L, 17L);
    assertThat(next(blocks).to()).isEqualTo(20);
    assertThat(blocks.next()).isNull();
  }

  @Test
  void top_up_brings_as_many_new_codes_as_are_missing_and_no_more() {
    // All but the last ten codes of the pattern exist, in the order of the counters.
    var counters = next(CounterBlocks.open(load, part(0, 100, 0), 100));
    counters
        .codes()
        .subList(0, 90)
        .forEach(code -> database.rows().named(loads.book(), code.text()));
    var topUp = new TopUpBlocks(loads.transactions(), load, part(20, 100, 20));
    var block = next(topUp);
    assertThat(block.codes())
        .extracting(NewCode::text)
        .isEqualTo(counters.codes().subList(90, 100).stream().map(NewCode::text).toList());
    assertThat(block.to()).as("all counters were needed").isEqualTo(100);
    assertThat(topUp.next()).as("without a counter left").isNull();
  }

  @Test
  void top_up_leaves_counters_that_it_does_not_need() {
    var topUp = new TopUpBlocks(loads.transactions(), load, part(20, 100, 20));
    var block = next(topUp);
    assertThat(block.codes()).hasSize(20);
    assertThat(block.from()).isEqualTo(20);
    assertThat(block.to()).isEqualTo(40);
    assertThat(next(topUp).from()).as("nothing was committed, so as many again").isEqualTo(40);
  }
}
