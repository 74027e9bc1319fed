package dev.couponbook.bench.direct;

/** What the yardsticks send to the database: one statement per effect, with its outcome. */
public final class HandStatements {
  private HandStatements() {}

  /**
   * Gives a free code of a book. Parameters: book, least pick number, book, holder, holder,
   * request.
   */
  public static final String ASSIGN =
      """
      WITH picked AS (
        SELECT partner_id, code
        FROM coupon
        WHERE book_id = ? AND state = 'free' AND pick >= ?
        ORDER BY pick
        LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED),
      held AS (
        INSERT INTO coupon_holder AS h (book_id, holder, held)
        SELECT ?, ?, 1 FROM picked
        ON CONFLICT (book_id, holder) DO UPDATE SET held = h.held + 1),
      given AS (
        UPDATE coupon c
        SET state = 'assigned', holder = ?, assigned_at = coupon_clock()
        FROM picked p
        WHERE c.partner_id = p.partner_id AND c.code = p.code
        RETURNING c.partner_id, c.code)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT ?, partner_id, 'assign_any', '\\x00', 200, json_build_object('code', code)
      FROM given
      RETURNING body
      """;

  /** Locks a code for its holder. Parameters: partner, code, holder, token, request. */
  public static final String LOCK =
      """
      WITH held AS (
        SELECT partner_id, code, book_id, holder
        FROM coupon
        WHERE partner_id = ? AND code = ? AND holder = ? AND state = 'assigned'
        FOR NO KEY UPDATE),
      locked AS (
        INSERT INTO coupon_lock (partner_id, code, book_id, holder, token, locked_until)
        SELECT partner_id, code, book_id, holder, ?, coupon_clock() + interval '5 minutes'
        FROM held
        RETURNING partner_id, token)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT ?, partner_id, 'lock_code', '\\x00', 200, json_build_object('lockToken', token)
      FROM locked
      RETURNING body
      """;

  /** Uses a locked code; its lock ends by {@link #END_LOCK}. Parameters: partner, code, request. */
  public static final String REDEEM =
      """
      WITH used AS (
        UPDATE coupon
        SET redeemed_count = redeemed_count + 1
        WHERE partner_id = ? AND code = ?
        RETURNING partner_id, code, book_id, holder),
      logged AS (
        INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder)
        SELECT ?, partner_id, book_id, code, holder FROM used
        RETURNING id, partner_id)
      INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
      SELECT id, partner_id, 'redeem_code', '\\x00', 200, json_build_object('redemptionId', id)
      FROM logged
      RETURNING body
      """;

  /** Ends the lock of a code. Parameters: partner, code. */
  public static final String END_LOCK =
      """
      DELETE FROM coupon_lock
      WHERE partner_id = ? AND code = ?
      """;

  /** A book by its public id, and how many pick numbers it has given out. */
  public static final String BOOK =
      """
      SELECT b.id, p.next_pick
      FROM coupon_book b
      JOIN coupon_book_pick p ON p.book_id = b.id
      WHERE b.public_id = ?
      """;
}
