package dev.couponbook.store.read;

import static dev.couponbook.store.sql.Sql.asPartners;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Row;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A code and what happened to it, as the edge shows it; under row-level security. */
public final class ReadCodes {
  private ReadCodes() {}

  /**
   * A code as it is now.
   *
   * @param state {@code free}, {@code assigned} or {@code void}; a free one past its expiration is
   *     void, whether or not a sweep has seen it
   * @param lockedUntil the end of its lock, if one is alive
   * @param blockedAt when an order made it void; null: none did
   * @param blockReason why, in the partner's own words; null: nothing was said
   * @param history what happened to it, the newest first
   */
  public record ReadCode(
      String state,
      @Nullable Instant expiration,
      @Nullable String holder,
      @Nullable Instant assignedAt,
      int redeemedCount,
      @Nullable Instant lockedUntil,
      @Nullable Instant blockedAt,
      @Nullable String blockReason,
      List<Change> history) {}

  /**
   * A change of the code, and the request that made it.
   *
   * @param holder whose code it was; null if it was nobody's
   * @param fingerprint of what was asked; null if the answer is no longer kept
   */
  public record Change(
      String event,
      @Nullable String holder,
      RequestId request,
      @Nullable Fingerprint fingerprint,
      Instant at) {}

  static final String FIND =
      asPartners(
          """
          SELECT CASE WHEN c.state = 'free' AND c.expires_at <= (SELECT coupon_clock()) THEN 'void'
                      ELSE c.state::text END AS state,
                 c.expires_at, c.holder, c.assigned_at, c.redeemed_count, l.locked_until,
                 k.at AS blocked_at, k.reason AS block_reason
          FROM coupon c
          JOIN coupon_book b ON b.id = c.book_id
          LEFT JOIN coupon_lock l
            ON l.partner_id = c.partner_id
            AND l.code = c.code
            AND l.locked_until > (SELECT coupon_clock())
          LEFT JOIN coupon_block k ON k.partner_id = c.partner_id AND k.code = c.code
          WHERE b.public_id = ?
            AND c.partner_id = ?
            AND c.code = ?
          """);

  /**
   * The code, if the partner has it in this book.
   *
   * @param changes how many of its changes to return at most
   */
  public static Optional<ReadCode> find(
      Connection connection, PartnerId partner, BookId book, CouponCode code, int changes)
      throws SQLException {
    return Sql.seenBy(connection, partner, FIND)
        .with(book.value())
        .with(partner)
        .with(code.value())
        .first(row ->
            new ReadCode(
                row.text("state"),
                row.instantOrNull("expires_at"),
                row.textOrNull("holder"),
                row.instantOrNull("assigned_at"),
                row.integer("redeemed_count"),
                row.instantOrNull("locked_until"),
                row.instantOrNull("blocked_at"),
                row.textOrNull("block_reason"),
                history(connection, partner, code, changes)));
  }

  private static final String HISTORY =
      asPartners(
          """
          SELECT a.event, a.holder, a.request_id, o.fingerprint, a.at
          FROM coupon_audit a
          LEFT JOIN command_outcome o
            ON o.request_id = a.request_id
            AND o.partner_id = a.partner_id
          WHERE a.partner_id = ?
            AND a.code = ?
          ORDER BY a.id DESC
          LIMIT ?
          """);

  private static List<Change> history(
      Connection connection, PartnerId partner, CouponCode code, int limit) throws SQLException {
    return Sql.seenBy(connection, partner, HISTORY)
        .with(partner)
        .with(code.value())
        .with(limit)
        .list(row ->
            new Change(
                row.text("event"),
                row.textOrNull("holder"),
                new RequestId(row.uuid("request_id")),
                fingerprint(row),
                row.instant("at")));
  }

  private static @Nullable Fingerprint fingerprint(Row row) throws SQLException {
    var digest = row.bytesOrNull("fingerprint");
    return digest == null ? null : Fingerprint.of(digest);
  }
}
