package dev.couponbook.store.batch;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Done;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.command.RedeemCode;
import dev.couponbook.command.ReplaceCode;
import dev.couponbook.command.ReverseRedemption;
import dev.couponbook.command.SetBookState;
import dev.couponbook.command.UnassignCode;
import dev.couponbook.command.UndoLoad;
import dev.couponbook.command.UnlockCode;
import dev.couponbook.command.VoidCode;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.Cause;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.coupon.LockToken;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RedemptionId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.coupon.RequestId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch of commands on codes, in one transaction: {@link #open} locks every row that the commands
 * name and picks the free codes they need, each command is then decided in its turn against those
 * rows, and {@link #write} writes what changed, set by set.
 *
 * <p>Rows are locked in one order in all batches: books that are changed ({@link BookBatch}),
 * holder counters by book and user, then users who lock, then named codes by partner and code, then
 * picked codes, which nobody waits for. So two batches never wait for each other in a ring. What is
 * decided here is held by guards in the statements and by triggers as well.
 */
public final class CouponBatch {
  private final Connection connection;
  private final boolean patient;
  private final int maxLocksPerUser;
  private final Instant now;

  private final Map<Books.Key, Book> booksByKey;
  private final Map<Holders.Holder, Integer> reserved;
  // Apart from what was reserved: a limit may have fallen below what the user holds, so that what
  // is given back makes no room.
  private final Map<Holders.Holder, Integer> returned = new HashMap<>();
  private final Map<CodeKey, HeldCode> codes;
  private final Map<UserLocks.User, Integer> liveLocks;
  private final Map<RedemptionId, Redemptions.Logged> logged;
  private final Map<Book, Deque<PickFreeCodes.Picked>> free;

  private final Set<Book> drained = new HashSet<>();
  private final Set<RedemptionId> reversedHere = new HashSet<>();
  private final List<Redemptions.Use> uses = new ArrayList<>();
  private final List<Redemptions.Reversal> reversals = new ArrayList<>();
  private final List<CodeChanges.Event> events = new ArrayList<>();

  /**
   * Opens a batch.
   *
   * @param patient whether to wait for free codes that other transactions hold, instead of skipping
   *     them. Only for a batch of one command: a larger one could wait while it holds what the
   *     other waits for.
   * @param maxLocksPerUser how many live locks a user of a partner may hold at once
   */
  public static CouponBatch open(
      Connection connection,
      Collection<CommandMessage> messages,
      boolean patient,
      int maxLocksPerUser)
      throws SQLException {
    return new CouponBatch(connection, messages, patient, maxLocksPerUser);
  }

  private CouponBatch(
      Connection connection,
      Collection<CommandMessage> messages,
      boolean patient,
      int maxLocksPerUser)
      throws SQLException {
    this.connection = connection;
    this.patient = patient;
    this.maxLocksPerUser = maxLocksPerUser;
    var needs = new Needs();
    messages.forEach(needs::of);
    needs.held(Holders.held(connection, needs.claims));
    booksByKey = Books.find(connection, needs.books);
    reserved = Holders.reserve(connection, needs.codesByHolder(booksByKey));
    UserLocks.takeTurns(connection, needs.locking);
    logged = Redemptions.find(connection, needs.redemptions);
    logged.values().forEach(l -> needs.codes.add(l.code()));
    codes = LockRows.lock(connection, needs.codes);
    // Again, now that we hold their codes: one may have been reversed while we waited.
    logged.putAll(Redemptions.find(connection, logged.keySet()));
    now = CodeChanges.clock(connection);
    liveLocks = UserLocks.count(connection, needs.locking, now);
    free =
        PickFreeCodes.pick(
            connection,
            needs.freeCodes(booksByKey, now),
            patient ? PickFreeCodes.Busy.WAIT : PickFreeCodes.Busy.SKIP);
  }

  /** What the commands of a batch will touch, gathered before anything is locked. */
  private static final class Needs {
    private final Set<Books.Key> books = new LinkedHashSet<>();
    private final Set<CodeKey> codes = new LinkedHashSet<>();
    private final Set<UserLocks.User> locking = new LinkedHashSet<>();
    private final Set<RedemptionId> redemptions = new LinkedHashSet<>();
    private final List<Wish> wishes = new ArrayList<>();
    private final Set<Holders.Claim> claims = new LinkedHashSet<>();
    private final Set<Holders.Claim> replaced = new LinkedHashSet<>();
    private final List<Holders.Held> held = new ArrayList<>();

    private record Wish(Books.Key book, Email user, boolean anyCode) {}

    void of(CommandMessage message) {
      var partner = message.partner();
      switch (message.command()) {
        case AssignAny assign -> wish(partner, assign.bookId(), assign.email(), true);
        case AssignCode assign -> {
          wish(partner, assign.bookId(), assign.email(), false);
          codes.add(new CodeKey(partner, assign.code()));
        }
        case LockCode lock -> {
          locking.add(new UserLocks.User(partner, lock.email()));
          codes.add(new CodeKey(partner, lock.code()));
        }
        case UnlockCode unlock -> codes.add(new CodeKey(partner, unlock.code()));
        case RedeemCode redeem -> codes.add(new CodeKey(partner, redeem.code()));
        case VoidCode asked -> {
          if (asked.bookId() != null) {
            books.add(new Books.Key(partner, asked.bookId()));
          }
          codes.add(new CodeKey(partner, asked.code()));
        }
        case UnassignCode unassign -> claim(partner, unassign.code(), unassign.email());
        case ReplaceCode replace -> replaced.add(claim(partner, replace.code(), replace.email()));
        case ReverseRedemption reverse -> redemptions.add(reverse.redemptionId());
        // None of these touches an existing code.
        case CreateBook _, ChangeBook _, SetBookState _, AddCodes _, CancelLoad _, UndoLoad _ -> {}
      }
    }

    private Holders.Claim claim(PartnerId partner, CouponCode code, Email user) {
      var claim = new Holders.Claim(new CodeKey(partner, code), user);
      claims.add(claim);
      codes.add(claim.code());
      return claim;
    }

    /** What is known of the claims. */
    void held(List<Holders.Held> found) {
      held.addAll(found);
      found.forEach(one -> books.add(one.book()));
    }

    private void wish(PartnerId partner, BookId book, Email user, boolean anyCode) {
      var key = new Books.Key(partner, book);
      books.add(key);
      wishes.add(new Wish(key, user, anyCode));
    }

    Map<Holders.Holder, Integer> codesByHolder(Map<Books.Key, Book> found) {
      var byHolder = new HashMap<Holders.Holder, Integer>();
      // Asks for none: locks the counter that may be lowered.
      held.forEach(one -> byHolder.put(one.holder(), 0));
      for (var wish : wishes) {
        var book = found.get(wish.book());
        if (book != null && book.isOpen()) {
          byHolder.merge(new Holders.Holder(book.number(), wish.user()), 1, Integer::sum);
        }
      }
      return byHolder;
    }

    Map<Book, Integer> freeCodes(Map<Books.Key, Book> found, Instant now) {
      var byBook = new LinkedHashMap<Book, Integer>();
      for (var wish : wishes) {
        var book = found.get(wish.book());
        if (wish.anyCode() && book != null && book.isOpen() && !book.hasEndedAt(now)) {
          byBook.merge(book, 1, Integer::sum);
        }
      }
      for (var one : held) {
        var book = found.get(one.book());
        if (replaced.contains(new Holders.Claim(one.code(), one.holder().user()))
            && book != null
            && book.isOpen()
            && !book.hasEndedAt(now)) {
          byBook.merge(book, 1, Integer::sum);
        }
      }
      return byBook;
    }
  }

  /**
   * Gives the user a random free code.
   *
   * @return empty if all free codes that were left are held by other transactions: nothing is
   *     decided, and the command must be tried again by a patient batch
   */
  public Optional<Outcome> assignAny(CommandMessage message, AssignAny assign) throws SQLException {
    var book = booksByKey.get(new Books.Key(message.partner(), assign.bookId()));
    if (book == null) {
      return Optional.of(Refused.because(Refusal.BOOK_NOT_FOUND));
    }
    if (!book.isOpen()) {
      return Optional.of(notOpen(book));
    }
    var holder = new Holders.Holder(book.number(), assign.email());
    if (reserved.getOrDefault(holder, 0) == 0) {
      return Optional.of(Refused.because(Refusal.MAX_CODES_REACHED));
    }
    var code = nextFree(book, message.partner());
    if (code == null) {
      return noneFree(book);
    }
    give(code, holder, message.requestId());
    return Optional.of(Done.ok(assigned(code)));
  }

  private static Refused notOpen(Book book) {
    return Refused.because(
        book.state() == BookState.CLOSED ? Refusal.BOOK_CLOSED : Refusal.BOOK_PAUSED);
  }

  /** Empty if others may still leave one of the codes that they hold. */
  private Optional<Outcome> noneFree(Book book) throws SQLException {
    return !patient && !book.hasEndedAt(now) && hasFreeCode(book)
        ? Optional.empty()
        : Optional.of(noCodesLeft(book));
  }

  private Refused noCodesLeft(Book book) {
    return book.hasEndedAt(now)
        ? Refused.because(Refusal.NO_CODES_LEFT, Cause.BOOK_ENDED, endOf(book))
        : Refused.because(Refusal.NO_CODES_LEFT);
  }

  private static Map<String, Object> endOf(Book book) {
    return Map.of("expiresAt", Objects.requireNonNull(book.terms().expiresAt()));
  }

  // Asked once for all commands that find nothing: on a drained book they come by the hundred.
  // None of them adds codes; a command that does has a batch to itself.
  private boolean hasFreeCode(Book book) throws SQLException {
    if (!drained.contains(book) && !PickFreeCodes.anyFree(connection, book)) {
      drained.add(book);
    }
    return !drained.contains(book);
  }

  private @Nullable HeldCode nextFree(Book book, PartnerId partner) {
    var picked = free.get(book);
    while (picked != null && !picked.isEmpty()) {
      var next = picked.poll();
      // A command of this batch may have named, and taken, the very code that was picked.
      var code =
          codes.computeIfAbsent(
              new CodeKey(partner, next.code()), key -> HeldCode.free(key, book, next.expiresAt()));
      if (code.isFree()) {
        return code;
      }
    }
    return null;
  }

  /** Gives the user this very code of the book. */
  public Outcome assignCode(CommandMessage message, AssignCode assign) {
    var book = booksByKey.get(new Books.Key(message.partner(), assign.bookId()));
    var code = codes.get(new CodeKey(message.partner(), assign.code()));
    if (book == null) {
      return Refused.because(Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_BOOK);
    }
    // A code of another book, a void one and an expired one all count as not found.
    if (code == null || code.book.number() != book.number()) {
      return Refused.because(Refusal.CODE_NOT_FOUND);
    }
    if (code.isVoid() || (code.isFree() && code.isExpiredAt(now))) {
      return Refused.because(Refusal.CODE_NOT_FOUND, Cause.CODE_EXPIRED);
    }
    if (!book.isOpen()) {
      return notOpen(book);
    }
    if (!code.isFree()) {
      return Refused.because(
          Refusal.ALREADY_ASSIGNED,
          code.isHeldBy(assign.email()) ? Cause.HELD_BY_USER : Cause.HELD_BY_OTHER);
    }
    var holder = new Holders.Holder(book.number(), assign.email());
    if (reserved.getOrDefault(holder, 0) == 0) {
      return Refused.because(Refusal.MAX_CODES_REACHED);
    }
    give(code, holder, message.requestId());
    return Done.ok(assigned(code));
  }

  private void give(HeldCode code, Holders.Holder holder, RequestId request) {
    reserved.merge(holder, -1, Integer::sum);
    assign(code, holder.user(), request);
  }

  private void assign(HeldCode code, Email user, RequestId request) {
    code.assignTo(user);
    events.add(new CodeChanges.Event(code, CodeChanges.Kind.ASSIGNED, user, request));
  }

  private static Map<String, Object> assigned(HeldCode code) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("assigned", true);
    answer.putAll(given(code));
    return answer;
  }

  private static Map<String, Object> given(HeldCode code) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("code", code.key.code());
    if (code.expiresAt != null) {
      answer.put("expiration", code.expiresAt);
    }
    return answer;
  }

  /** Locks the user's code, or extends the live lock whose token came along. */
  public Outcome lock(CommandMessage message, LockCode lock) {
    var code = heldBy(message.partner(), lock.code(), lock.email());
    if (code == null) {
      return Refused.because(Refusal.NO_COUPON_OF_USER);
    }
    if (!code.book.isOpen()) {
      return notOpen(code.book);
    }
    if (code.isBlocked()) {
      return Refused.because(Refusal.CODE_VOID);
    }
    if (code.isUsedUp()) {
      return Refused.because(Refusal.MAX_REDEEMS_REACHED);
    }
    if (!code.book.isOnAt(now) || code.isExpiredAt(now)) {
      return cannotLock(code);
    }
    var live = code.liveLockAt(now);
    if (live != null && !live.token().equals(lock.lockToken())) {
      return Refused.because(
          Refusal.CANNOT_LOCK, Cause.LOCKED, Map.of("lockedUntil", live.until()));
    }
    var user = new UserLocks.User(message.partner(), lock.email());
    if (live == null && liveLocks.getOrDefault(user, 0) >= maxLocksPerUser) {
      return Refused.because(Refusal.MAX_LOCKS_REACHED);
    }
    if (live == null) {
      liveLocks.merge(user, 1, Integer::sum);
    }
    var token = live == null ? LockToken.mint() : live.token();
    var granted = new HeldCode.Lock(token, now.plusSeconds(code.book.terms().lockSeconds()));
    code.grant(granted);
    events.add(
        new CodeChanges.Event(code, CodeChanges.Kind.LOCKED, lock.email(), message.requestId()));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", true);
    answer.put("lockedUntil", granted.until());
    answer.put("lockToken", token);
    return Done.ok(answer);
  }

  // Of a code whose book has not started or has ended, or which has expired.
  private Refused cannotLock(HeldCode code) {
    if (code.book.hasEndedAt(now)) {
      return Refused.because(Refusal.CANNOT_LOCK, Cause.BOOK_ENDED, endOf(code.book));
    }
    return code.isExpiredAt(now)
        ? Refused.because(
            Refusal.CANNOT_LOCK,
            Cause.CODE_EXPIRED,
            Map.of("expiration", Objects.requireNonNull(code.expiresAt)))
        : Refused.because(
            Refusal.CANNOT_LOCK,
            Cause.BOOK_NOT_STARTED,
            Map.of("startsAt", Objects.requireNonNull(code.book.terms().startsAt())));
  }

  /** Releases the lock. Having none is also success. */
  public Outcome unlock(CommandMessage message, UnlockCode unlock) {
    var code = heldBy(message.partner(), unlock.code(), unlock.email());
    if (code == null) {
      return Refused.because(Refusal.NO_COUPON_OF_USER);
    }
    var live = code.liveLockAt(now);
    if (live != null && (unlock.lockToken() == null || live.token().equals(unlock.lockToken()))) {
      endLock(code, message.partner(), unlock.email());
      events.add(
          new CodeChanges.Event(
              code, CodeChanges.Kind.UNLOCKED, unlock.email(), message.requestId()));
    }
    return Done.ok(Map.of("success", true));
  }

  /** Uses the code once; the lock ends with it. */
  public Outcome redeem(CommandMessage message, RedeemCode redeem) {
    var code = heldBy(message.partner(), redeem.code(), redeem.email());
    if (code == null) {
      return Refused.because(Refusal.NO_COUPON_OF_USER);
    }
    if (code.isUsedUp()) {
      return Refused.because(Refusal.MAX_REDEEMS_REACHED);
    }
    var live = code.liveLockAt(now);
    if (live == null) {
      return Refused.because(Refusal.NOT_LOCKED);
    }
    if (redeem.lockToken() != null && !live.token().equals(redeem.lockToken())) {
      return Refused.because(
          Refusal.NOT_LOCKED, Cause.OTHER_LOCK, Map.of("lockedUntil", live.until()));
    }
    code.countUse();
    endLock(code, message.partner(), redeem.email());
    uses.add(new Redemptions.Use(message.requestId(), code, redeem.email()));
    events.add(
        new CodeChanges.Event(
            code, CodeChanges.Kind.REDEEMED, redeem.email(), message.requestId()));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", true);
    answer.put("redemptionId", message.requestId());
    answer.put("redeemedCount", code.redeemedCount());
    return Done.ok(answer);
  }

  private void endLock(HeldCode code, PartnerId partner, Email user) {
    code.endLock();
    liveLocks.computeIfPresent(new UserLocks.User(partner, user), (_, live) -> live - 1);
  }

  /** Gives a use back. */
  public Outcome reverse(CommandMessage message, ReverseRedemption reverse) {
    var redemption = logged.get(reverse.redemptionId());
    if (redemption == null || !redemption.code().partner().equals(message.partner())) {
      return Refused.because(Refusal.REDEMPTION_NOT_FOUND);
    }
    var code = codes.get(redemption.code());
    if (code == null) {
      throw new IllegalStateException("redemption " + redemption.id() + " has no code");
    }
    if (redemption.reversed() || !reversedHere.add(redemption.id())) {
      return Refused.because(Refusal.ALREADY_REVERSED);
    }
    var holder = code.holder();
    if (holder == null) {
      throw new IllegalStateException(
          "redemption " + redemption.id() + " is of a code without a holder");
    }
    code.giveUseBack();
    reversals.add(
        new Redemptions.Reversal(message.requestId(), redemption.id(), code, reverse.reason()));
    events.add(new CodeChanges.Event(code, CodeChanges.Kind.REVERSED, holder, message.requestId()));
    return Done.ok(Map.of("success", true));
  }

  /** Makes the code void. That it is so already is also success. */
  public Outcome makeVoid(CommandMessage message, VoidCode asked) {
    var code = named(message.partner(), asked.code(), asked.bookId());
    if (code == null) {
      return noSuchCode(message.partner(), asked.bookId());
    }
    if (code.isBlocked()) {
      return Done.ok(standing(code));
    }
    if (code.isUsedUp()) {
      return Refused.because(Refusal.ALREADY_REDEEMED);
    }
    var live = code.liveLockAt(now);
    if (live != null && !asked.force()) {
      return Refused.because(Refusal.LOCKED, Cause.LIVE_LOCK, Map.of("lockedUntil", live.until()));
    }
    if (live != null && code.holder() != null) {
      endLock(code, message.partner(), code.holder());
    }
    code.block(new HeldCode.Block(message.requestId(), asked.reason()));
    events.add(
        new CodeChanges.Event(code, CodeChanges.Kind.VOIDED, code.holder(), message.requestId()));
    return Done.ok(standing(code));
  }

  /** Lifts what made the code void. A code past its end stays void all the same. */
  public Outcome lift(CommandMessage message, VoidCode asked) {
    var code = named(message.partner(), asked.code(), asked.bookId());
    if (code == null) {
      return noSuchCode(message.partner(), asked.bookId());
    }
    if (code.isBlocked()) {
      code.lift(code.isPastItsEndAt(now));
      events.add(
          new CodeChanges.Event(code, CodeChanges.Kind.LIFTED, code.holder(), message.requestId()));
    }
    return Done.ok(standing(code));
  }

  /** Takes the code back from its user: void, or free again. */
  public Outcome unassign(CommandMessage message, UnassignCode unassign) {
    var code = heldBefore(message.partner(), unassign.code(), unassign.email());
    if (code == null) {
      return Refused.because(Refusal.NO_COUPON_OF_USER);
    }
    if (unassign.toPool() && code.book.state() == BookState.CLOSED) {
      return Refused.because(Refusal.BOOK_CLOSED);
    }
    if (unassign.toPool() && code.isBlocked()) {
      return Refused.because(Refusal.CODE_VOID);
    }
    var inUse = inUse(code);
    if (inUse != null) {
      return inUse;
    }
    takeBack(code, unassign.email(), message.requestId());
    returned.merge(new Holders.Holder(code.book.number(), unassign.email()), 1, Integer::sum);
    if (!unassign.toPool()) {
      code.makeVoid(new HeldCode.Block(message.requestId(), unassign.reason()));
    }
    return Done.ok(standing(code));
  }

  /**
   * Gives the user another code for this one, which becomes void.
   *
   * @return empty as for {@link #assignAny}
   */
  public Optional<Outcome> replace(CommandMessage message, ReplaceCode replace)
      throws SQLException {
    var code = heldBefore(message.partner(), replace.code(), replace.email());
    if (code == null || (replace.bookId() != null && !code.book.id().equals(replace.bookId()))) {
      return Optional.of(Refused.because(Refusal.NO_COUPON_OF_USER));
    }
    var book = booksByKey.get(new Books.Key(message.partner(), code.book.id()));
    if (book == null) {
      throw new IllegalStateException("book " + code.book.number() + " was not looked up");
    }
    if (!book.isOpen()) {
      return Optional.of(notOpen(book));
    }
    var inUse = inUse(code);
    if (inUse != null) {
      return Optional.of(inUse);
    }
    var other = nextFree(book, message.partner());
    if (other == null) {
      return noneFree(book);
    }
    takeBack(code, replace.email(), message.requestId());
    code.makeVoid(new HeldCode.Block(message.requestId(), replace.reason()));
    assign(other, replace.email(), message.requestId());
    var answer = given(other);
    answer.put("replaced", code.key.code());
    return Optional.of(Done.ok(answer));
  }

  private void takeBack(HeldCode code, Email user, RequestId request) {
    code.takeBack();
    events.add(new CodeChanges.Event(code, CodeChanges.Kind.UNASSIGNED, user, request));
  }

  /**
   * Why the code cannot be taken back; null if it can. A lock or a use that the batch ends or takes
   * back stands in the way as well: their rows are written later.
   */
  private @Nullable Refused inUse(HeldCode code) {
    if (code.formerCount > 0 || code.redeemedCount() > 0) {
      return Refused.because(Refusal.IN_USE);
    }
    var lock = code.lastGranted() == null ? code.formerLiveLockAt(now) : code.lastGranted();
    return lock == null
        ? null
        : Refused.because(Refusal.IN_USE, Cause.IN_CHECKOUT, Map.of("lockedUntil", lock.until()));
  }

  /**
   * The code that the user has held since before the batch began, with its counter locked. That an
   * earlier command of the batch gave it counts as later: nobody had the answers of both.
   */
  private @Nullable HeldCode heldBefore(PartnerId partner, CouponCode code, Email user) {
    var held = heldBy(partner, code, user);
    return held != null
            && held.wasAndIsHeldBy(user)
            && reserved.containsKey(new Holders.Holder(held.book.number(), user))
        ? held
        : null;
  }

  /** The code of this name; with a book, only if it is of that one. */
  private @Nullable HeldCode named(PartnerId partner, CouponCode code, @Nullable BookId book) {
    var named = codes.get(new CodeKey(partner, code));
    return named != null && (book == null || named.book.id().equals(book)) ? named : null;
  }

  private Refused noSuchCode(PartnerId partner, @Nullable BookId book) {
    return book != null && !booksByKey.containsKey(new Books.Key(partner, book))
        ? Refused.because(Refusal.CODE_NOT_FOUND, Cause.NO_SUCH_BOOK)
        : Refused.because(Refusal.CODE_NOT_FOUND);
  }

  private static Map<String, Object> standing(HeldCode code) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("success", true);
    answer.put("state", code.state());
    answer.put("blocked", code.isBlocked());
    return answer;
  }

  // A code that does not exist, another partner's and another user's get the same answer, so
  // that nobody can find out which it is.
  private @Nullable HeldCode heldBy(PartnerId partner, CouponCode code, Email user) {
    var held = codes.get(new CodeKey(partner, code));
    return held != null && held.isHeldBy(user) ? held : null;
  }

  /** Writes what the commands changed. The caller records the outcomes after it and commits. */
  public void write() throws SQLException {
    returned.forEach((holder, codes) -> reserved.merge(holder, codes, Integer::sum));
    Holders.giveBack(connection, reserved);
    CodeChanges.takeBack(
        connection, codes.values().stream().filter(HeldCode::wasTakenBack).toList());
    // What is lifted may have been assigned and locked since, and made void again.
    CodeChanges.free(connection, codes.values().stream().filter(HeldCode::becomesFree).toList());
    Blocks.lift(connection, codes.values().stream().filter(HeldCode::losesFormerBlock).toList());
    CodeChanges.assign(
        connection, codes.values().stream().filter(HeldCode::wasAssignedHere).toList());
    CodeChanges.endReplacedLocks(
        connection, codes.values().stream().filter(HeldCode::replacesFormerLock).toList());
    CodeChanges.grantLocks(
        connection, codes.values().stream().filter(c -> c.lastGranted() != null).toList());
    // Reversals before the new uses, which may need the room; uses while the locks are still in the
    // table, because a trigger looks for them.
    Redemptions.reverse(connection, reversals);
    Redemptions.log(connection, uses);
    CodeChanges.count(connection, codes.values().stream().filter(HeldCode::countChanged).toList());
    CodeChanges.endLocks(
        connection, codes.values().stream().filter(HeldCode::leavesNoLock).toList());
    CodeChanges.makeVoid(
        connection, codes.values().stream().filter(HeldCode::becomesVoid).toList());
    Blocks.add(connection, codes.values().stream().filter(HeldCode::getsBlock).toList());
    CodeChanges.appendCounts(connection, codes.values());
    CodeChanges.audit(connection, events);
  }
}
