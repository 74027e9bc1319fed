package dev.couponbook.store.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.testing.CouponFactory.Terms;
import dev.couponbook.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SweepTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private int swept(Transactions.Work<Integer> work) {
    return transactions().inTransaction(work);
  }

  private Transactions transactions() {
    return new Transactions(database.as("coupon_sweep"));
  }

  @Test
  void frees_locks_at_their_deadline_and_no_earlier() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    database.clock().set(now);
    rows.locked(book, "ann@x", "a", Duration.ofNanos(1_000));
    rows.locked(book, "ann@x", "b", Duration.ZERO);
    assertThat(swept(c -> Sweep.freeExpiredLocks(c, 10))).isEqualTo(1);
    database.clock().advance(Duration.ofNanos(1_000));
    assertThat(swept(c -> Sweep.freeExpiredLocks(c, 10))).isEqualTo(1);
    assertThat(database.number("SELECT count(*) FROM coupon_lock")).isZero();
  }

  @Test
  void takes_no_more_rows_than_its_limit() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    for (int i = 0; i < 5; i++) {
      rows.expiredLock(book, "ann@x");
    }
    assertThat(swept(c -> Sweep.freeExpiredLocks(c, 3))).isEqualTo(3);
    assertThat(swept(c -> Sweep.freeExpiredLocks(c, 3))).isEqualTo(2);
  }

  @Test
  void voids_free_codes_past_their_expiration_and_counts_them() {
    var rows = database.rows();
    var book = rows.book(rows.partner());
    var now = database.clock().now();
    rows.freeUntil(book, now.minusSeconds(1));
    rows.freeUntil(book, now.plusSeconds(60));
    rows.free(book);
    assertThat(swept(c -> Sweep.voidExpiredCodes(c, 10))).isEqualTo(1);
    assertThat(database.number("SELECT sum(void) FROM coupon_book_delta")).isEqualTo(1);
    assertThat(database.number("SELECT sum(free) FROM coupon_book_delta")).isEqualTo(2);
  }

  @Test
  void folds_a_books_counts_to_one_row_with_the_same_sums() {
    var rows = database.rows();
    var book = rows.book(rows.partner(), Terms.usual());
    rows.free(book, 7);
    rows.assigned(book, "ann@x");
    rows.redeemed(book, "ann@x", 1);
    rows.blocked(book, "ann@x");
    assertThat(database.number("SELECT count(*) FROM coupon_book_delta")).isGreaterThan(1);
    swept(c -> Sweep.foldCounts(c, 10));
    assertThat(database.number("SELECT count(*) FROM coupon_book_delta")).isEqualTo(1);
    assertThat(database.number("SELECT free FROM coupon_book_delta")).isEqualTo(7);
    assertThat(database.number("SELECT redeemed FROM coupon_book_delta")).isEqualTo(1);
    assertThat(database.number("SELECT blocked FROM coupon_book_delta")).isEqualTo(1);
  }

  @Test
  void only_one_sweep_runs_at_a_time() {
    boolean second =
        transactions()
            .inTransaction(first -> {
              assertThat(Sweep.begin(first)).isTrue();
              return transactions().inTransaction(Sweep::begin);
            });
    assertThat(second).as("while the first one runs").isFalse();
    assertThat(transactions().inTransaction(Sweep::begin).booleanValue()).as("after it").isTrue();
  }
}
