package dev.couponbook.coupon;

/**
 * Why exactly a command was refused. A {@link Refusal} is a sentence of the contract and may have
 * several causes: "Cannot lock coupon" stands for four. The word is for machines; the detail says
 * what to do next, and names nothing that the partner could not look up itself.
 */
public enum Cause {
  ANSWER_DROPPED(
      "answer_dropped",
      "What the first call with this key did stays done: look at the book or the code, and use a"
          + " new key for a new act"),
  NO_SUCH_BOOK("no_such_book", "You have no book of this bookId: GET /coupons lists yours"),
  CLOSED_FOR_GOOD(
      "closed_for_good",
      "The book was closed, which is final: what is locked can be redeemed, and uses can be taken"
          + " back. Use another book"),
  PAUSED_BY_PARTNER(
      "paused_by_partner",
      "The book is paused: what is locked can be redeemed. Come again when it was resumed, by POST"
          + " /coupons/{bookId}/resume"),
  VOID_BY_ORDER(
      "void_by_order",
      "The code was made void, and its holder cannot use it: POST /coupons/void/{code} with undo"
          + " lifts that"),
  EVERY_USE_SPENT(
      "every_use_spent",
      "The code was used as often as maxRedeemCountPerUser of its book says, so that there is"
          + " nothing to prevent: reverse takes a use back"),
  LIVE_LOCK(
      "live_lock",
      "The code is locked for a checkout, and force is false: come again at lockedUntil, or let the"
          + " lock be ended"),
  USES_STAND(
      "uses_stand", "The code was used, and not every use was taken back: reverse takes one back"),
  IN_CHECKOUT("in_checkout", "The code is locked for a checkout: come again when the lock is over"),
  CHANGED_MEANWHILE(
      "changed_meanwhile",
      "The book has another version than ifVersion: look at it, and change it with the version that"
          + " version names"),
  ENDS_BEFORE_START(
      "ends_before_start",
      "With the date that stays as it is, the book would end at expiresAt before it begins at"
          + " startsAt: send both"),
  END_HAS_PASSED("end_has_passed", "expiresAt must lie in the future when the change is made"),
  NO_SUCH_CODE("no_such_code", "The book has no such code: codes are compared letter by letter"),
  CODE_EXPIRED("code_expired", "The time of this code is over: assign another one"),
  NOT_HELD(
      "not_held",
      "This user holds no such code: assign it first. A code that somebody else holds is answered"
          + " in the same way"),
  NO_SUCH_REDEMPTION(
      "no_such_redemption", "The answer to redeem has the redemptionId that is meant here"),
  NO_SUCH_UPLOAD(
      "no_such_upload", "There is no such upload, or it has not left the file that is asked for"),
  REVERSED_BEFORE("reversed_before", "This use was taken back before: there is nothing left to do"),
  LOAD_ENDED("load_ended", "The load has ended, and cannot be stopped: undo takes its codes out"),
  LOAD_NOT_ENDED("load_not_ended", "The load is still at work: wait for its end, or cancel it"),
  CODES_EXIST(
      "codes_exist", "You have codes of these names already: leave out those that codes lists"),
  NAMED_TWICE("named_twice", "The call itself names the codes that codes lists more than once"),
  TOO_FEW_LEFT(
      "too_few_left",
      "The pattern has too few codes that are not taken: make it longer, or its alphabet larger"),
  HELD_BY_USER(
      "held_by_user", "This very user holds the code already: there is nothing left to do"),
  HELD_BY_OTHER("held_by_other", "Another user holds the code: name another one"),
  LIMIT_OF_BOOK(
      "limit_of_book", "The user holds as many codes of the book as maxCodesPerUser says"),
  NONE_FREE("none_free", "Every code of the book is assigned or expired: add codes to it"),
  BOOK_ENDED("book_ended", "The book has ended at expiresAt, and its codes with it"),
  BOOK_NOT_STARTED("book_not_started", "The codes of the book can be locked from startsAt on"),
  LOCKED(
      "locked",
      "The code has a live lock, and this call does not have its lockToken: send it to extend the"
          + " lock, or come again at lockedUntil"),
  NO_LIVE_LOCK("no_live_lock", "The code was never locked, or its lock is over: lock it again"),
  OTHER_LOCK(
      "other_lock",
      "The code has a live lock, and lockToken is not the one of that lock: send the one that the"
          + " last lock was answered with, or come again at lockedUntil"),
  USED_UP(
      "used_up",
      "The code was used as often as maxRedeemCountPerUser of its book says: reverse takes a use"
          + " back"),
  TOO_MANY_LOCKS(
      "too_many_locks", "The user has too many codes locked: unlock some, or wait for their end"),
  SET_ASIDE(
      "set_aside",
      "It failed again and again without having any effect. Operators may still run it: ask about"
          + " the request later, before you send it under a new key");

  private final String word;
  private final String detail;

  Cause(String word, String detail) {
    this.word = word;
    this.detail = detail;
  }

  /** The stable name for machines, member {@code cause} of the answer. */
  public String word() {
    return word;
  }

  /** What is the matter and what to do, member {@code detail} of the answer. */
  public String detail() {
    return detail;
  }
}
