package dev.couponbook.store.batch;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log of uses: one row per use, marked if it was given back. */
final class Redemptions {
  private Redemptions() {}

  /** A use as it was logged. */
  record Logged(RedemptionId id, CodeKey code, boolean reversed) {}

  /** A use to be logged. */
  record Use(RequestId request, HeldCode code, Email holder) {}

  /** A use to be given back. */
  record Reversal(
      RequestId request, RedemptionId redemption, HeldCode code, @Nullable String reason) {}

  private static final String FIND =
      """
      SELECT id, partner_id, code, reversed_at IS NOT NULL AS reversed
      FROM coupon_redeem_log
      WHERE id = ANY (?::uuid[])
      """;

  /**
   * Finds those of the redemptions that exist. The code of a redemption never changes; whether it
   * is reversed is certain only once that code's row is locked.
   */
  static Map<RedemptionId, Logged> find(Connection connection, Collection<RedemptionId> ids)
      throws SQLException {
    var found = new HashMap<RedemptionId, Logged>();
    if (ids.isEmpty()) {
      return found;
    }
    Sql.of(connection, FIND)
        .uuids(ids, RedemptionId::value)
        .each(row -> {
          var id = new RedemptionId(row.uuid("id"));
          var key =
              new CodeKey(
                  new PartnerId(row.integer("partner_id")), new CouponCode(row.text("code")));
          found.put(id, new Logged(id, key, row.flag("reversed")));
        });
    return found;
  }

  private static final String LOG =
      """
      INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder)
      SELECT * FROM unnest(?::uuid[], ?::integer[], ?::integer[], ?::text[], ?::text[])
      """;

  /** Logs the uses. Each needs a live lock in the table at this moment, or a trigger refuses it. */
  static void log(Connection connection, List<Use> uses) throws SQLException {
    if (!uses.isEmpty()) {
      Sql.of(connection, LOG)
          .uuids(uses, u -> u.request().value())
          .integers(uses, u -> u.code().key.partner().value())
          .integers(uses, u -> u.code().book.number())
          .texts(uses, u -> u.code().key.code().value())
          .texts(uses, u -> u.holder().value())
          .update();
    }
  }

  private static final String REVERSE =
      """
      UPDATE coupon_redeem_log r
      SET reversed_at = coupon_clock(), reversed_by = reversal.request_id, reversal_reason = reversal.reason
      FROM unnest(?::uuid[], ?::uuid[], ?::text[]) AS reversal (id, request_id, reason)
      WHERE r.id = reversal.id
        AND r.reversed_at IS NULL -- the guard: a use is given back once
      """;

  static void reverse(Connection connection, List<Reversal> reversals) throws SQLException {
    if (!reversals.isEmpty()) {
      Sql.of(connection, REVERSE)
          .uuids(reversals, r -> r.redemption().value())
          .uuids(reversals, r -> r.request().value())
          .texts(reversals, Reversal::reason)
          .update(reversals.size(), "redemptions reversed");
    }
  }
}
