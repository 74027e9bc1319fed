package dev.couponbook.coupon;

import java.util.List;

/**
 * Why a valid command was refused, in order of precedence: if two apply, the first is the answer.
 * The sentences are part of the contract, to the letter.
 */
public enum Refusal {
  /** The key's first request left its effect; what it was answered is past its retention. */
  KEY_EXPIRED(
      409,
      "idempotency_key_expired",
      "This Idempotency-Key was used before, and its answer is no longer kept",
      Cause.ANSWER_DROPPED),
  BOOK_NOT_FOUND(400, "book_not_found", "Book not found", Cause.NO_SUCH_BOOK),
  CODE_NOT_FOUND(
      404,
      "code_not_found",
      "Code not found",
      Cause.NO_SUCH_CODE,
      Cause.NO_SUCH_BOOK,
      Cause.CODE_EXPIRED),
  NO_COUPON_OF_USER(
      404, "coupon_not_found", "User has no coupon with that code assigned", Cause.NOT_HELD),
  REDEMPTION_NOT_FOUND(
      404, "redemption_not_found", "Redemption not found", Cause.NO_SUCH_REDEMPTION),
  UPLOAD_NOT_FOUND(404, "upload_not_found", "Upload not found", Cause.NO_SUCH_UPLOAD),
  BOOK_CLOSED(409, "book_closed", "The book is closed", Cause.CLOSED_FOR_GOOD),
  BOOK_PAUSED(409, "book_paused", "The book is paused", Cause.PAUSED_BY_PARTNER),
  CODE_VOID(409, "code_void", "The code is void", Cause.VOID_BY_ORDER),
  ALREADY_REDEEMED(409, "already_redeemed", "Coupon already redeemed", Cause.EVERY_USE_SPENT),
  LOCKED(409, "locked", "Coupon is locked", Cause.LIVE_LOCK),
  IN_USE(409, "in_use", "Coupon is in use", Cause.USES_STAND, Cause.IN_CHECKOUT),
  VERSION_CHANGED(
      409, "version_changed", "The book was changed meanwhile", Cause.CHANGED_MEANWHILE),
  INVALID_DATES(
      400,
      "invalid_dates",
      "The dates of the book do not go together",
      Cause.ENDS_BEFORE_START,
      Cause.END_HAS_PASSED),
  ALREADY_REVERSED(409, "already_reversed", "Redemption already reversed", Cause.REVERSED_BEFORE),
  UPLOAD_FINISHED(409, "upload_finished", "Upload is already finished", Cause.LOAD_ENDED),
  UPLOAD_NOT_FINISHED(
      409, "upload_not_finished", "Upload is not finished yet", Cause.LOAD_NOT_ENDED),
  CODES_ALREADY_EXIST(
      409, "codes_already_exist", "Codes already exist", Cause.CODES_EXIST, Cause.NAMED_TWICE),
  CANNOT_GENERATE(
      400, "cannot_generate", "Failed to generate random new codes", Cause.TOO_FEW_LEFT),
  ALREADY_ASSIGNED(
      400, "already_assigned", "Code already assigned", Cause.HELD_BY_OTHER, Cause.HELD_BY_USER),
  MAX_CODES_REACHED(
      400,
      "max_codes_per_user",
      "User already has maximum number of assigned codes in the book.",
      Cause.LIMIT_OF_BOOK),
  NO_CODES_LEFT(
      400,
      "no_codes_left",
      "No available codes left in the book.",
      Cause.NONE_FREE,
      Cause.BOOK_ENDED),
  MAX_REDEEMS_REACHED(
      400,
      "max_redeems_per_user",
      "Coupon has reached its maximum redeem count per user",
      Cause.USED_UP),
  CANNOT_LOCK(
      400,
      "cannot_lock",
      "Cannot lock coupon",
      Cause.LOCKED,
      Cause.BOOK_NOT_STARTED,
      Cause.BOOK_ENDED,
      Cause.CODE_EXPIRED),
  MAX_LOCKS_REACHED(
      400,
      "max_locks_per_user",
      "User already has maximum number of locked coupons.",
      Cause.TOO_MANY_LOCKS),
  NOT_LOCKED(400, "not_locked", "Coupon is not locked", Cause.NO_LIVE_LOCK, Cause.OTHER_LOCK),
  /**
   * Not a rule: the answer to a request that could not be handled at all and whose message was set
   * aside.
   */
  INTERNAL_ERROR(
      500,
      "internal_error",
      "The request could not be handled and was set aside for the operators",
      Cause.SET_ASIDE);

  private final int status;
  private final String code;
  private final String sentence;
  private final List<Cause> causes;

  Refusal(int status, String code, String sentence, Cause... causes) {
    this.status = status;
    this.code = code;
    this.sentence = sentence;
    this.causes = List.of(causes);
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The stable name for machines, member {@code code} of the answer. */
  public String code() {
    return code;
  }

  /** The sentence of the contract, member {@code error} of the answer. */
  public String sentence() {
    return sentence;
  }

  /** The causes that it can have, the usual one first. */
  public List<Cause> causes() {
    return causes;
  }
}
