package dev.couponbook.ingest.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.ingest.Loads;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.StagedCodes;
import dev.couponbook.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StagedLoadTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
  }

  // As a part stages them.
  private CodeLoad staged(CodeLoad load, String... codes) {
    var target = new Target(load.partner(), load.bookId(), load.id());
    var counts = new Counts(codes.length, codes.length, 0, 0, 0, 0);
    loads
        .transactions()
        .inTransaction(c -> {
          StagedCodes.add(c, target, Loads.codes(codes));
          return LoadParts.advance(c, load.id(), 0, new Move(0, 10, codes.length, 10), counts);
        });
    return load;
  }

  @Test
  void staged_codes_move_into_the_book_and_can_be_assigned() {
    var load = staged(loads.createWithPart(Loads.allOrNothing(Loads.file(10))), "A", "B", "C");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
    StagedLoad.keep(loads.transactions(), load);
    assertThat(database.number("SELECT count(*) FROM coupon WHERE load_id = ?", load.id()))
        .isEqualTo(3);
    assertThat(database.number("SELECT count(DISTINCT pick) FROM coupon")).isEqualTo(3);
    assertThat(database.number("SELECT sum(free) FROM coupon_book_delta")).isEqualTo(3);
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
    assertThat(loads.current(load).reason()).isNull();
    StagedLoad.keep(loads.transactions(), load);
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(3);
  }

  @Test
  void code_that_was_created_since_dooms_the_load() {
    var load = staged(loads.createWithPart(Loads.allOrNothing(Loads.file(10))), "A", "B", "C");
    database.rows().named(loads.book(), "B");
    StagedLoad.keep(loads.transactions(), load);
    assertThat(loads.current(load).reason()).isEqualTo(StagedLoad.CODE_EXISTS);
    // What was moved before the clash is taken back by the report.
    UndoneLoad.removeCodes(loads.transactions(), load);
    assertThat(database.text("SELECT string_agg(code, ',') FROM coupon")).isEqualTo("B");
  }

  @Test
  void dropped_codes_are_counted_as_removed_unless_it_was_a_dry_run() {
    var dry = staged(loads.createWithPart(Loads.dryRun(Loads.file(10))), "A", "B");
    StagedLoad.drop(loads.transactions(), dry);
    assertThat(removed(dry)).isZero();
    var strict = staged(loads.createWithPart(Loads.allOrNothing(Loads.file(10))), "A", "B");
    StagedLoad.drop(loads.transactions(), strict);
    assertThat(removed(strict)).isEqualTo(2);
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
  }

  private long removed(CodeLoad load) {
    return database.number(
        "SELECT coalesce(rows_removed, 0) FROM code_load WHERE id = ?", load.id());
  }
}
