package dev.couponbook.ingest.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GenerationPlanTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Test
  void parts_cover_every_counter_once_and_are_a_few_hundred_at_most() {
    for (long amount : new long[] {1, 99_999, 100_000, 100_001, 5_000_000, 2_000_000_000}) {
      checkParts(amount);
    }
  }

  private static void checkParts(long amount) {
    var parts = GenerationPlan.parts(amount, Block.ROWS);
    assertThat(parts.getFirst().from()).isZero();
    for (int i = 1; i < parts.size(); i++) {
      assertThat(parts.get(i).from()).isEqualTo(parts.get(i - 1).to());
      assertThat(parts.get(i).part()).isEqualTo(i);
    }
    assertThat(parts.getLast().to()).isEqualTo(amount);
    assertThat(parts).hasSizeLessThanOrEqualTo(256);
  }

  @Test
  void last_part_has_the_counters_that_stand_in_for_codes_that_were_taken() {
    var loads = new Loads(database);
    var load = loads.createGeneration(2_500, "{9:4}");
    new GenerationPlan(loads.transactions(), 1_000).make(load);
    assertThat(loads.current(load).state()).isEqualTo(State.RUNNING);
    List<Part> parts = loads.transactions().inTransaction(c -> LoadParts.ofLoad(c, load.id()));
    assertThat(parts)
        .extracting(Part::part, Part::from, Part::to)
        .containsExactly(
            tuple(0, 0L, 1_000L),
            tuple(1, 1_000L, 2_000L),
            tuple(2, 2_000L, 2_500L),
            tuple(Generation.TOP_UP, 2_500L, 10_000L));
  }
}
