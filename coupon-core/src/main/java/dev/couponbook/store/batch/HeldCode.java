package dev.couponbook.store.batch;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One code's row, locked by this transaction, and what the commands of the batch have made of it so
 * far. The setters remember what has to be written.
 */
final class HeldCode {
  /** A lock on the code. */
  record Lock(LockToken token, Instant until) {
    boolean isLiveAt(Instant now) {
      return until.isAfter(now); // at its deadline a lock is over
    }
  }

  final CodeKey key;
  final Book book;
  final @Nullable Instant expiresAt;
  final boolean wasVoid;
  final @Nullable Email formerHolder;
  final int formerCount;
  final @Nullable Lock formerLock;

  private @Nullable Email holder;
  private int redeemedCount;
  private @Nullable Lock lock;
  private @Nullable Lock lastGranted;

  HeldCode(
      CodeKey key,
      Book book,
      @Nullable Instant expiresAt,
      boolean isVoid,
      @Nullable Email holder,
      int redeemedCount,
      @Nullable Lock lock) {
    this.key = key;
    this.book = book;
    this.expiresAt = expiresAt;
    this.wasVoid = isVoid;
    this.formerHolder = this.holder = holder;
    this.formerCount = this.redeemedCount = redeemedCount;
    this.formerLock = this.lock = lock;
  }

  boolean isFree() {
    return holder == null && !wasVoid;
  }

  boolean isHeldBy(Email user) {
    return user.equals(holder);
  }

  boolean isExpiredAt(Instant now) {
    return book.hasEndedAt(now) || (expiresAt != null && !expiresAt.isAfter(now));
  }

  boolean isUsedUp() {
    int limit = book.terms().maxRedeemsPerUser();
    return limit > 0 && redeemedCount >= limit;
  }

  @Nullable Lock liveLockAt(Instant now) {
    return lock != null && lock.isLiveAt(now) ? lock : null;
  }

  @Nullable Email holder() {
    return holder;
  }

  int redeemedCount() {
    return redeemedCount;
  }

  void assignTo(Email user) {
    holder = user;
  }

  void grant(Lock granted) {
    lock = granted;
    lastGranted = granted;
  }

  void endLock() {
    lock = null;
  }

  void countUse() {
    redeemedCount++;
  }

  void giveUseBack() {
    redeemedCount--;
  }

  boolean wasAssignedHere() {
    return formerHolder == null && holder != null;
  }

  boolean countChanged() {
    return redeemedCount != formerCount;
  }

  /** The newest lock that this batch granted, though a later command may have ended it already. */
  @Nullable Lock lastGranted() {
    return lastGranted;
  }

  /**
   * Whether the row that was there must be removed before the granted one is added: it may still be
   * live.
   */
  boolean replacesFormerLock() {
    return lastGranted != null
        && formerLock != null
        && !formerLock.token().equals(lastGranted.token());
  }

  /**
   * Whether the table has a lock of this code, from before or from this batch, that must not stay.
   */
  boolean leavesNoLock() {
    return lock == null && (formerLock != null || lastGranted != null);
  }
}
