package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.ReadBooks;
import dev.couponbook.store.ReadRequests;
import java.sql.Connection;
import java.sql.SQLException;
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
  void rows_are_the_partners_own_however_often_the_statement_ran() {
    for (int i = 0; i < 30; i++) {
      assertThat(transactions.<Integer>inTransaction(c -> ReadBooks.list(c, ACME, null, 10).size()))
          .isEqualTo(2);
      assertThat(
              transactions.<Integer>inTransaction(c -> ReadBooks.list(c, OTHER, null, 10).size()))
          .isEqualTo(1);
    }
  }

  @Test
  void a_request_found_in_one_statement_is_the_partners_own_however_often_it_ran() {
    var running = RunningEdge.shared();
    var id = UUID.randomUUID();
    running.answer(id, 1, "00", 200, "{}");
    for (int i = 0; i < 30; i++) {
      assertThat(found(ACME, id)).isTrue();
      assertThat(found(OTHER, id)).isFalse();
      assertThat(outcomesWithoutPartner()).as("the setting ended with its statement").isZero();
    }
  }

  private boolean found(PartnerId partner, UUID id) {
    return transactions
            .inOneStatement(c -> ReadRequests.find(c, partner, new RequestId(id)))
            .finished()
        != null;
  }

  private long outcomesWithoutPartner() {
    return transactions.<Long>inOneStatement(c -> count(c, "command_outcome"));
  }

  @Test
  void a_connection_that_comes_back_to_the_pool_sees_nobodys_rows() {
    for (int i = 0; i < 30; i++) {
      transactions.inTransaction(c -> ReadBooks.list(c, ACME, null, 10));
      assertThat(books()).isZero();
    }
  }

  @Test
  void a_write_is_refused() {
    assertThatThrownBy(() ->
            transactions.inTransaction(
                c -> c.createStatement().executeUpdate("DELETE FROM coupon_book")))
        .isInstanceOf(DatabaseException.class);
  }

  private long books() {
    return transactions.<Long>inTransaction(c -> count(c, "coupon_book"));
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
