package dev.couponbook.ingest.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.file.LoadOptions;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.LoadOrders;
import dev.couponbook.store.load.LoadOrders.Action;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a part reads, and when it reads no more. */
class PartBlocksTest {
  private static final String FILE = "AAA\nBBB\nCCC\nDDD\nEEE\n";

  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
  }

  private CodeLoad uploaded() {
    var bytes = FILE.getBytes(StandardCharsets.US_ASCII);
    var key = "uploads/%d/blocks.csv".formatted(loads.book().partner());
    var etag = cloud.put(key, Map.of(), bytes);
    return loads.createWithPart(
        new NewFile(null, key, etag, null, bytes.length, LoadOptions.USUAL));
  }

  private PartBlocks blocks(CodeLoad load, int part, int rows) {
    return new PartBlocks(cloud.files(), loads.transactions(), load, part, rows);
  }

  private static List<List<String>> read(PartBlocks blocks) throws IOException {
    var read = new ArrayList<List<String>>();
    for (var block = blocks.read(); block != null; block = blocks.read()) {
      read.add(block.codes().stream().map(NewCode::text).toList());
    }
    blocks.close();
    return read;
  }

  @Test
  void file_is_read_block_by_block() throws IOException {
    var blocks = blocks(uploaded(), 0, 2);
    assertThat(read(blocks))
        .containsExactly(List.of("AAA", "BBB"), List.of("CCC", "DDD"), List.of("EEE"));
  }

  @Test
  void part_has_the_lines_that_begin_in_its_range() throws IOException {
    var load = uploaded();
    loads.addParts(load, new NewPart(1, 5, 13, 0));
    assertThat(read(blocks(load, 1, 10))).containsExactly(List.of("CCC", "DDD"));
  }

  @Test
  void generation_is_read_block_by_block_and_its_restart_gives_the_same_codes() throws IOException {
    var load = loads.createGeneration(5, "{9:8}");
    loads.addParts(load, new NewPart(0, 0, 5, 0));
    var all = read(blocks(load, 0, 2));
    assertThat(all).extracting(List::size).containsExactly(2, 2, 1);
    assertThat(read(blocks(load, 0, 2))).isEqualTo(all);
  }

  @Test
  void cancelled_load_ends_before_its_next_block() throws IOException {
    var load = uploaded();
    var blocks = blocks(load, 0, 2);
    assertThat(blocks.read()).isNotNull();
    loads.transactions().inTransaction(c -> CodeLoads.requestCancel(c, load.id()));
    assertThat(blocks.read()).isNull();
    blocks.close();
  }

  @Test
  void stopped_load_ends_before_its_next_block_as_a_failure_so_that_it_can_go_on()
      throws IOException {
    var load = uploaded();
    var blocks = blocks(load, 0, 2);
    assertThat(blocks.read()).isNotNull();
    loads
        .transactions()
        .run(c -> {
          LoadOrders.carryOut(c, new LoadOrders.Order(1, load.id(), Action.STOP));
        });
    assertThatThrownBy(blocks::read).isInstanceOf(LoadHeldException.class);
    blocks.close();
  }

  @Test
  void file_that_is_gone_dooms_its_load() throws IOException {
    var load = uploaded();
    cloud.delete("uploads/%d/blocks.csv".formatted(loads.book().partner()));
    assertThat(read(blocks(load, 0, 2))).isEmpty();
    assertThat(loads.current(load).reason()).contains("removed");
  }

  @Test
  void block_is_full_with_few_rejects_of_long_lines_too() {
    var block = new Block.Builder(0, 0, 1_000_000);
    int rejects = 0;
    while (!block.isFull()) {
      block.addReject(new RejectedRow(rejects++, 0, "line_too_long", "x".repeat(65_536)), 1);
    }
    assertThat(rejects).isEqualTo(64);
  }
}
