package dev.couponbook.store.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.pattern.CodePattern;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.Capacity.Room;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CapacityTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private BookRow book;

  @BeforeEach
  void createBook() {
    book = database.rows().book(database.rows().partner());
  }

  private Room room(String pattern, long amount) {
    return new Transactions(database.as("coupon_ingest"))
        .inTransaction(c ->
            Capacity.room(c, new PartnerId(book.partner()), CodePattern.parse(pattern), amount));
  }

  private void named(String... codes) {
    for (var code : codes) {
      database.rows().named(book, code);
    }
  }

  @Test
  void empty_key_space_has_room_for_all_its_codes_and_not_for_one_more() {
    assertThat(room("G{9:2}", 100).enough()).isTrue();
    assertThat(room("G{9:2}", 101).enough()).isFalse();
    assertThat(room("G{9:2}", 101).keySpace()).isEqualTo(100);
  }

  @Test
  void codes_of_the_pattern_take_room_and_others_do_not() {
    named("G01", "G02", "G0", "G012", "GXX", "H01", "g01");
    assertThat(room("G{9:2}", 98).enough()).isTrue();
    var full = room("G{9:2}", 99);
    assertThat(full.enough()).isFalse();
    assertThat(full.taken()).isEqualTo(2);
  }

  @Test
  void codes_of_all_books_of_the_partner_count_and_those_of_other_partners_do_not() {
    named("G01");
    database.rows().named(database.rows().book(book.partner()), "G02");
    database.rows().named(database.rows().book(database.rows().partner()), "G03");
    assertThat(room("G{9:2}", 99).taken()).isEqualTo(2);
  }

  @Test
  void pattern_without_a_prefix_is_counted_too() {
    named("01G", "02G", "G01");
    assertThat(room("{9:2}G", 99).taken()).isEqualTo(2);
  }

  @Test
  void nothing_is_counted_where_all_codes_of_the_partner_would_fit() {
    named("G01");
    assertThat(room("G{9:2}", 99)).isEqualTo(new Room(true, room("G{9:2}", 1).keySpace(), 0));
  }
}
