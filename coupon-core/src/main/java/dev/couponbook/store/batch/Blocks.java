package dev.couponbook.store.batch;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Codes that an order has made void: a table of their own, as they are few of many millions. */
final class Blocks {
  private Blocks() {}

  private static final String LIFT =
      """
      DELETE FROM coupon_block k
      USING unnest(?::integer[], ?::text[]) AS lifted (partner_id, code)
      WHERE k.partner_id = lifted.partner_id AND k.code = lifted.code
      """;

  static void lift(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      Sql.of(connection, LIFT)
          .integers(codes, c -> c.key.partner().value())
          .texts(codes, c -> c.key.code().value())
          .update(codes.size(), "blocks lifted");
    }
  }

  private static final String ADD =
      """
      INSERT INTO coupon_block (partner_id, code, reason, request_id)
      SELECT * FROM unnest(?::integer[], ?::text[], ?::text[], ?::uuid[])
      """;

  /**
   * Blocks the codes, which are void or held by then and have no live lock; a trigger refuses
   * others.
   */
  static void add(Connection connection, List<HeldCode> codes) throws SQLException {
    if (!codes.isEmpty()) {
      Sql.of(connection, ADD)
          .integers(codes, c -> c.key.partner().value())
          .texts(codes, c -> c.key.code().value())
          .texts(codes, c -> Objects.requireNonNull(c.newBlock()).reason())
          .uuids(codes, c -> Objects.requireNonNull(c.newBlock()).request().value())
          .update();
    }
  }
}
