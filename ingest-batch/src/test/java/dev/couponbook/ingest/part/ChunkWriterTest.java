package dev.couponbook.ingest.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.PickNumbers;
import dev.couponbook.ingest.load.StagedLoad;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import dev.couponbook.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a chunk commits, in a transaction as Spring Batch makes it. */
class ChunkWriterTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Set<Integer> loadsWithDuplicates = new HashSet<>();
  private Loads loads;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
  }

  private SortedBlock block(CodeLoad load, long from, long to, int duplicates, String... codes) {
    var picks = new PickNumbers(loads.transactions(), load.bookId());
    return new SortedBlock(
        from,
        to,
        codes.length + duplicates,
        to - from,
        Loads.codes(codes),
        load.options().isStaged() ? new int[0] : picks.take(codes.length),
        Collections.nCopies(duplicates, Loads.codes("TWICE").getFirst()),
        List.of(),
        List.of());
  }

  private void write(CodeLoad load, SortedBlock block) {
    var dataSource = database.as("coupon_ingest");
    var writer =
        new ChunkWriter(dataSource, load, 0, loadsWithDuplicates, new LoadMeters(registry));
    new TransactionTemplate(new JdbcTransactionManager(dataSource))
        .executeWithoutResult(_ -> {
          try {
            writer.write(Chunk.of(block));
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private double metered(String outcome) {
    return registry.get("coupon.load.rows").tag("outcome", outcome).counter().count();
  }

  @Test
  void new_codes_become_rows_with_the_parts_position_and_the_books_count() {
    var load = loads.createWithPart(Loads.file(100));
    write(load, block(load, 0, 40, 1, "A", "B"));
    var part = loads.part(load, 0);
    assertThat(part.position()).isEqualTo(40);
    assertThat(part.lines()).isEqualTo(3);
    assertThat(part.bytes()).isEqualTo(40);
    assertThat(part.counts()).isEqualTo(new Counts(3, 2, 1, 0, 1, 0));
    assertThat(database.number("SELECT sum(free) FROM coupon_book_delta")).isEqualTo(2);
    assertThat(metered("accepted")).isEqualTo(2);
    assertThat(metered("duplicate")).isEqualTo(1);
  }

  @Test
  void existing_codes_are_counted_by_where_they_are() {
    database.rows().named(loads.book(), "OLD");
    var otherBook = database.rows().book(loads.book().partner());
    database.rows().named(otherBook, "OTHER");
    var load = loads.createWithPart(Loads.file(100));
    write(load, block(load, 0, 30, 0, "A", "B"));
    write(load, block(load, 30, 60, 0, "B", "C", "OLD", "OTHER"));
    assertThat(loads.part(load, 0).counts()).isEqualTo(new Counts(6, 3, 3, 0, 1, 1));
    assertThat(loadsWithDuplicates).containsExactly(load.id());
    write(load, block(load, 60, 100, 0, "C", "D"));
    assertThat(loads.part(load, 0).counts()).isEqualTo(new Counts(8, 4, 4, 0, 2, 1));
  }

  @Test
  void rejects_are_kept_with_their_places_and_counted_by_reason() {
    var load = loads.createWithPart(Loads.file(100));
    var rejects =
        List.of(new RejectedRow(0, 0, "no_code", ""), new RejectedRow(1, 1, "invalid_code", "a b"));
    write(load, new SortedBlock(0, 5, 2, 5, List.of(), new int[0], List.of(), rejects, List.of()));
    assertThat(loads.part(load, 0).counts()).isEqualTo(new Counts(2, 0, 0, 2, 0, 0));
    assertThat(database.text("SELECT string_agg(raw, '|' ORDER BY line) FROM code_reject"))
        .isEqualTo("|a b");
    assertThat(database.number("SELECT sum(rows) FROM code_reject_count")).isEqualTo(2);
  }

  @Test
  void part_that_another_process_has_moved_on_is_let_go_and_nothing_is_written() {
    var load = loads.createWithPart(Loads.file(100));
    write(load, block(load, 0, 40, 0, "A"));
    assertThatThrownBy(() -> write(load, block(load, 0, 40, 0, "B")))
        .isInstanceOf(PartTakenOverException.class)
        .hasMessageContaining("from position 0");
    assertThat(database.text("SELECT string_agg(code, ',') FROM coupon")).isEqualTo("A");
    assertThat(metered("accepted")).as("of the committed chunk").isEqualTo(1);
  }

  @Test
  void dry_run_counts_as_if_it_added_and_adds_nothing() {
    database.rows().named(loads.book(), "OLD");
    var load = loads.createWithPart(Loads.dryRun(Loads.file(100)));
    write(load, block(load, 0, 30, 0, "A", "OLD"));
    write(load, block(load, 30, 60, 0, "A", "B"));
    assertThat(loads.part(load, 0).counts()).isEqualTo(new Counts(4, 2, 2, 0, 1, 0));
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
    assertThat(loads.current(load).reason()).isNull();
  }

  @Test
  void existing_code_dooms_a_load_that_wants_all_or_nothing() {
    database.rows().named(loads.book(), "OLD");
    var load = loads.createWithPart(Loads.allOrNothing(Loads.file(100)));
    write(load, block(load, 0, 30, 0, "A"));
    assertThat(loads.current(load).reason()).isNull();
    write(load, block(load, 30, 60, 0, "OLD"));
    assertThat(loads.current(load).reason()).isEqualTo(StagedLoad.CODE_EXISTS);
    StagedLoad.drop(loads.transactions(), load);
  }
}
