package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadBooks;
import dev.couponbook.store.read.ReadRequests;
import dev.couponbook.store.read.ReadRequests.Question;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The second wall: the edge's own role, on the edge's own pool. */
class RowSecurityTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final PartnerId OTHER = new PartnerId(2);

  private final Transactions transactions =
      RunningEdge.shared().edge.context().getBean(Transactions.class);

  // The driver treats a statement otherwise once it has prepared it at the server.
  @Test
  void every_run_of_a_statement_sees_only_the_partners_own_rows() {
    for (int i = 0; i < 30; i++) {
      assertThat(transactions.<Integer>inTransaction(c -> ReadBooks.list(c, ACME, null, 10).size()))
          .isEqualTo(2);
      assertThat(
              transactions.<Integer>inTransaction(c -> ReadBooks.list(c, OTHER, null, 10).size()))
          .isEqualTo(1);
    }
  }

  // Polls of several partners are looked up together, and each row must be its own partner's.
  @Test
  void requests_found_together_are_each_partners_own_however_often_they_were_asked_for() {
    var running = RunningEdge.shared();
    var ofAcme = new RequestId(UUID.randomUUID());
    var ofOther = new RequestId(UUID.randomUUID());
    running.answer(ofAcme.value(), 1, "00", 200, "{}");
    running.answer(ofOther.value(), 2, "00", 200, "{}");
    var questions =
        List.of(
            new Question(ACME, ofOther),
            new Question(ACME, ofAcme),
            new Question(OTHER, ofAcme),
            new Question(OTHER, ofOther));
    for (int i = 0; i < 30; i++) {
      var found = transactions.inTransaction(c -> ReadRequests.find(c, questions));
      assertThat(found)
          .extracting(known -> known.finished() == null ? null : known.finished().id())
          .containsExactly(null, ofAcme, null, ofOther);
      assertThat(visible("command_outcome")).as("the setting ended with its transaction").isZero();
    }
  }

  @Test
  void a_connection_that_comes_back_to_the_pool_sees_nobodys_rows() {
    for (int i = 0; i < 30; i++) {
      transactions.inTransaction(c -> ReadBooks.list(c, ACME, null, 10));
      assertThat(visible("coupon_book")).isZero();
    }
  }

  @Test
  void a_write_is_refused() {
    assertThatThrownBy(() ->
            transactions.inTransaction(
                c -> c.createStatement().executeUpdate("DELETE FROM coupon_book")))
        .isInstanceOf(DatabaseException.class);
  }

  private long visible(String table) {
    return transactions.<Long>inTransaction(c -> count(c, table));
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
