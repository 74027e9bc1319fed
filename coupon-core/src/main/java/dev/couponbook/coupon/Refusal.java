package dev.couponbook.coupon;

/**
 * Why a valid command was refused, in order of precedence: if two apply, the first is the answer.
 * The sentences are part of the contract, to the letter.
 */
public enum Refusal {
  /** The key's first request left its effect; what it was answered is past its retention. */
  KEY_EXPIRED(
      409,
      "idempotency_key_expired",
      "This Idempotency-Key was used before, and its answer is no longer kept"),
  BOOK_NOT_FOUND(400, "book_not_found", "Book not found"),
  CODE_NOT_FOUND(404, "code_not_found", "Code not found"),
  NO_COUPON_OF_USER(404, "coupon_not_found", "User has no coupon with that code assigned"),
  REDEMPTION_NOT_FOUND(404, "redemption_not_found", "Redemption not found"),
  UPLOAD_NOT_FOUND(404, "upload_not_found", "Upload not found"),
  ALREADY_REVERSED(409, "already_reversed", "Redemption already reversed"),
  UPLOAD_FINISHED(409, "upload_finished", "Upload is already finished"),
  UPLOAD_NOT_FINISHED(409, "upload_not_finished", "Upload is not finished yet"),
  CODES_ALREADY_EXIST(409, "codes_already_exist", "Codes already exist"),
  CANNOT_GENERATE(400, "cannot_generate", "Failed to generate random new codes"),
  ALREADY_ASSIGNED(400, "already_assigned", "Code already assigned"),
  MAX_CODES_REACHED(
      400, "max_codes_per_user", "User already has maximum number of assigned codes in the book."),
  NO_CODES_LEFT(400, "no_codes_left", "No available codes left in the book."),
  MAX_REDEEMS_REACHED(
      400, "max_redeems_per_user", "Coupon has reached its maximum redeem count per user"),
  CANNOT_LOCK(400, "cannot_lock", "Cannot lock coupon"),
  MAX_LOCKS_REACHED(
      400, "max_locks_per_user", "User already has maximum number of locked coupons."),
  NOT_LOCKED(400, "not_locked", "Coupon is not locked"),
  /**
   * Not a rule: the answer to a request that could not be handled at all and whose message was set
   * aside.
   */
  INTERNAL_ERROR(
      500,
      "internal_error",
      "The request could not be handled and was set aside for the operators");

  private final int status;
  private final String code;
  private final String sentence;

  Refusal(int status, String code, String sentence) {
    this.status = status;
    this.code = code;
    this.sentence = sentence;
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
}
