package dev.couponbook.ingest.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.ingest.Loads;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.Kind;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.testing.TestDatabase;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StartGenerationTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
  }

  private Optional<Outcome> start(CommandMessage message) {
    return loads.transactions().inTransaction(c -> new StartGeneration().start(c, message));
  }

  private Optional<CodeLoad> load(CommandMessage message) {
    return loads
        .transactions()
        .inTransaction(
            c -> CodeLoads.find(c, loads.partner(), new LoadId(message.requestId().value())));
  }

  private String refusal(CommandMessage message) {
    var outcome = start(message).orElseThrow();
    assertThat(load(message)).as("nothing of it is kept").isEmpty();
    return outcome.status() + " " + outcome.body();
  }

  @Test
  void named_codes_are_added_at_once_and_the_rest_is_left_to_a_load() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of("MINE", "YOURS")));
    assertThat(start(message)).isEmpty();
    var load = load(message).orElseThrow();
    assertThat(load.kind()).isEqualTo(Kind.GENERATE);
    assertThat(load.rowsExpected()).isEqualTo(2_002);
    assertThat(load.bookId()).isEqualTo(loads.book().number());
    assertThat(Generation.of(load).command()).isEqualTo(message);
    var part = loads.part(load, Generation.MANUAL);
    assertThat(part.isDone()).isTrue();
    assertThat(part.counts()).isEqualTo(new Counts(2, 2, 0, 0, 0, 0));
    assertThat(database.text("SELECT string_agg(code, ',' ORDER BY code) FROM coupon"))
        .isEqualTo("MINE,YOURS");
  }

  @Test
  void same_message_once_more_changes_nothing() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of("MINE")));
    assertThat(start(message)).isEmpty();
    assertThat(start(message)).isEmpty();
    assertThat(database.number("SELECT count(*) FROM code_load")).isEqualTo(1);
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
  }

  @Test
  void book_of_another_partner_is_as_absent_as_one_that_never_was() {
    var others = new Loads(database);
    for (var book : List.of(others.book().id(), UUID.randomUUID())) {
      var add = loads.add(2_000, "{#:8}", List.of());
      var message = loads.message(new AddCodes(new BookId(book), add.generated(), add.manual()));
      assertThat(refusal(message)).contains("code=book_not_found");
    }
  }

  @Test
  void closed_book_refuses_the_whole_request() {
    database.rows().close(loads.book());
    assertThat(refusal(loads.message(loads.add(2_000, "{#:8}", List.of("NEW")))))
        .startsWith("409 ")
        .contains("code=book_closed");
  }

  @Test
  void generation_that_has_begun_is_not_refused_when_its_message_comes_again() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of()));
    assertThat(start(message)).isEmpty();
    database.rows().close(loads.book());
    assertThat(start(message)).isEmpty();
  }

  @Test
  void named_codes_that_exist_refuse_the_whole_request() {
    database.rows().named(loads.book(), "OLD");
    var message = loads.message(loads.add(2_000, "{#:8}", List.of("NEW", "OLD")));
    assertThat(refusal(message))
        .startsWith("409 ")
        .contains("codes=[" + new CouponCode("OLD") + "]");
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
  }

  @Test
  void code_that_is_named_twice_refuses_the_whole_request() {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of("NEW", "TWO", "TWO")));
    assertThat(refusal(message))
        .startsWith("409 ")
        .contains("codes=[" + new CouponCode("TWO") + "]");
  }

  @Test
  void key_space_must_have_room_for_the_amount_beside_what_is_taken() {
    database.rows().named(loads.book(), "G0007");
    database.rows().named(loads.book(), "OTHER");
    assertThat(refusal(loads.message(loads.add(10_000, "G{9:4}", List.of()))))
        .startsWith("400 ")
        .contains("Failed to generate 10000 random new codes")
        .contains("keySpace=10000, taken=1, asked=10000");
    assertThat(start(loads.message(loads.add(9_999, "G{9:4}", List.of())))).isEmpty();
  }

  @Test
  void named_codes_of_the_pattern_take_room_as_well() {
    assertThat(refusal(loads.message(loads.add(9_999, "G{9:4}", List.of("G0001", "G0002")))))
        .startsWith("400 ");
    assertThat(start(loads.message(loads.add(9_999, "G{9:4}", List.of("G0001", "OTHER")))))
        .isEmpty();
  }
}
