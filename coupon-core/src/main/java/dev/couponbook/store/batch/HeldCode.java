package dev.couponbook.store.batch;

import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.RequestId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One code's row, locked by this transaction, and what the commands of the batch have made of it so
 * far. The setters remember what has to be written.
 */
final class HeldCode {
  /** The states of the type {@code coupon_state}. */
  enum State {
    FREE,
    ASSIGNED,
    VOID;

    static State of(String column) {
      return valueOf(column.toUpperCase(Locale.ROOT));
    }

    String column() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A lock on the code. */
  record Lock(LockToken token, Instant until) {
    boolean isLiveAt(Instant now) {
      return until.isAfter(now); // at its deadline a lock is over
    }
  }

  /** What made the code void, and why. */
  record Block(RequestId request, @Nullable String reason) {}

  /**
   * A row as it was found.
   *
   * @param blocked whether an order has made the code void
   */
  record Found(
      CodeKey key,
      Book book,
      @Nullable Instant expiresAt,
      State state,
      @Nullable Email holder,
      int redeemedCount,
      @Nullable Lock lock,
      boolean blocked) {}

  final CodeKey key;
  final Book book;
  final @Nullable Instant expiresAt;
  final State formerState;
  final @Nullable Email formerHolder;
  final int formerCount;
  final @Nullable Lock formerLock;
  final boolean wasBlocked;

  private State state;
  private @Nullable Email holder;
  private boolean takenBack;
  private int redeemedCount;
  private @Nullable Lock lock;
  private @Nullable Lock lastGranted;
  private boolean blocked;
  private boolean lifted;
  private @Nullable Block newBlock;

  HeldCode(Found found) {
    key = found.key();
    book = found.book();
    expiresAt = found.expiresAt();
    formerState = state = found.state();
    formerHolder = holder = found.holder();
    formerCount = redeemedCount = found.redeemedCount();
    formerLock = lock = found.lock();
    wasBlocked = blocked = found.blocked();
  }

  /** A code that nobody holds, and nothing is known against. */
  static HeldCode free(CodeKey key, Book book, @Nullable Instant expiresAt) {
    return new HeldCode(new Found(key, book, expiresAt, State.FREE, null, 0, null, false));
  }

  /** The state's name, for answers. */
  String state() {
    return state.column();
  }

  boolean isFree() {
    return state == State.FREE;
  }

  boolean isVoid() {
    return state == State.VOID;
  }

  /** Whether an order has made the code void. */
  boolean isBlocked() {
    return blocked;
  }

  boolean isHeldBy(Email user) {
    return user.equals(holder);
  }

  boolean isExpiredAt(Instant now) {
    return book.hasEndedAt(now) || isPastItsEndAt(now);
  }

  /** Whether its own time is over; that of its book may yet be changed. */
  boolean isPastItsEndAt(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
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
    state = State.ASSIGNED;
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

  /** Whether this user has held the code all the time. */
  boolean wasAndIsHeldBy(Email user) {
    return user.equals(formerHolder) && isHeldBy(user) && !takenBack;
  }

  /** The lock that the table has, if it is live, whatever the batch has made of it. */
  @Nullable Lock formerLiveLockAt(Instant now) {
    return formerLock != null && formerLock.isLiveAt(now) ? formerLock : null;
  }

  /** Takes the code from its holder. */
  void takeBack() {
    state = State.FREE;
    holder = null;
    lock = null;
    takenBack = true;
  }

  boolean wasTakenBack() {
    return takenBack;
  }

  /** What a code is to be between its two holders, or in the end. */
  State stateWhenTakenBack() {
    return state == State.VOID ? State.VOID : State.FREE;
  }

  /** Makes the code void by an order; a holder keeps it. */
  void block(Block block) {
    blocked = true;
    newBlock = block;
    lock = null;
    if (state == State.FREE) {
      state = State.VOID;
    }
  }

  /** Makes a code that nobody holds void by an order, unless one has before. */
  void makeVoid(Block block) {
    if (blocked) {
      state = State.VOID;
    } else {
      block(block);
    }
  }

  /**
   * Takes the order back.
   *
   * @param expired whether the code is past its own end, and void by that alone
   */
  void lift(boolean expired) {
    blocked = false;
    lifted = true;
    newBlock = null;
    if (state == State.VOID && !expired) {
      state = State.FREE;
    }
  }

  boolean wasAssignedHere() {
    return state == State.ASSIGNED && (formerState != State.ASSIGNED || takenBack);
  }

  /** Whether the row is void, and must not stay so. */
  boolean becomesFree() {
    return formerState == State.VOID && state != State.VOID;
  }

  boolean becomesVoid() {
    return formerState == State.FREE && state == State.VOID;
  }

  /** 1 if the code has come to be of that state, -1 if it was and is no more, 0 otherwise. */
  int moved(State counted) {
    return (state == counted ? 1 : 0) - (formerState == counted ? 1 : 0);
  }

  /** As {@link #moved}, of codes that somebody holds and an order has made void. */
  int blockedHeldMoved() {
    boolean is = blocked && state == State.ASSIGNED;
    boolean was = wasBlocked && formerState == State.ASSIGNED;
    return (is ? 1 : 0) - (was ? 1 : 0);
  }

  /** Whether one of the counts of its book has changed. */
  boolean isCountedAnew() {
    return state != formerState || countChanged() || blockedHeldMoved() != 0;
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

  /** Whether the table has a block of this code that must not stay as it is. */
  boolean losesFormerBlock() {
    return wasBlocked && lifted;
  }

  boolean getsBlock() {
    return newBlock != null;
  }

  @Nullable Block newBlock() {
    return newBlock;
  }
}
