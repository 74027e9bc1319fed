package dev.couponbook.worker;

import dev.couponbook.testing.CouponFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What clients saw: what they asked for and when, what was answered and when, and what they never
 * heard back about. {@link #violations} judges it against the promises without looking at the
 * tables.
 *
 * <p>It has no false alarms: a request without an answer may have taken effect at any time after it
 * was sent, or never. Codes are taken to be unique among all partners.
 */
final class History {
  /** What a client asks for. */
  public sealed interface Op {
    /** A code of the book: this one, or any. */
    record Assign(UUID book, String user, @Nullable String code) implements Op {}

    record Lock(String code, @Nullable String token) implements Op {}

    record Unlock(String code) implements Op {}

    record Redeem(String code) implements Op {}

    record MakeVoid(String code) implements Op {}

    record Reverse(UUID redemption) implements Op {}

    /** A request that no promise here is about; it only has to end. */
    record Other() implements Op {}
  }

  /** Status and body, as the client reads them. */
  public record Answer(int status, JsonNode body) {
    boolean isDone() {
      return status < 300;
    }

    boolean refuses(String problem) {
      return body.path("code").asString("").equals(problem) && !isDone();
    }

    String text(String member) {
      return body.path(member).asString("");
    }
  }

  private record Book(int maxCodes, int maxRedeems, Duration lock, int codes) {}

  /** A request. Times are counted in events, which puts them all in one order. */
  private static final class Asked {
    final UUID request;
    final Op op;
    final int invoked;
    final Instant invokedAt = Instant.now();
    int answered = Integer.MAX_VALUE;
    @Nullable Answer answer;

    Asked(UUID request, Op op, int invoked) {
      this.request = request;
      this.op = op;
      this.invoked = invoked;
    }

    /** Whether it has taken effect, as far as its client can know. */
    boolean isDone() {
      return answer != null && answer.isDone();
    }

    boolean mayBeDone() {
      return answer == null || answer.isDone();
    }

    Answer said() {
      if (answer == null) {
        throw new IllegalStateException("request " + request + " has no answer");
      }
      return answer;
    }
  }

  private final Map<UUID, Asked> asked = new LinkedHashMap<>();
  private final Map<UUID, Book> books = new LinkedHashMap<>();
  private final Map<String, UUID> bookOfCode = new LinkedHashMap<>();
  private final Map<String, String> holders = new LinkedHashMap<>();
  private final List<String> contradictions = new ArrayList<>();
  private int events;

  /**
   * A book that is open all the time.
   *
   * @param codes how many free ones it has at the beginning
   */
  public synchronized void book(UUID id, CouponFactory.Terms terms, int codes) {
    books.put(
        id,
        new Book(
            terms.maxCodes(), terms.maxRedeems(), Duration.ofSeconds(terms.lockSeconds()), codes));
  }

  /** A code that the user holds from the beginning, unlocked and unused. */
  public synchronized void holds(String user, UUID book, String code) {
    bookOfCode.put(code, book);
    holders.put(code, user);
  }

  public synchronized void invoked(UUID request, Op op) {
    asked.put(request, new Asked(request, op, ++events));
  }

  /** May be reported again and again; the answer must stay the same. */
  public synchronized void answered(UUID request, Answer answer) {
    var about = asked.get(request);
    if (about == null) {
      throw new IllegalArgumentException("nobody asked for " + request);
    }
    if (about.answer == null) {
      about.answer = answer;
      about.answered = ++events;
    } else if (!about.answer.equals(answer)) {
      contradictions.add(
          "request %s was answered %s, then %s".formatted(request, about.answer, answer));
    }
  }

  /** The requests that have no answer yet. */
  public synchronized Set<UUID> unknown() {
    var unknown = new HashSet<UUID>();
    asked.forEach((id, one) -> {
      if (one.answer == null) {
        unknown.add(id);
      }
    });
    return unknown;
  }

  public synchronized int size() {
    return asked.size();
  }

  /** The promises that these answers break, each with the requests that show it. */
  public synchronized List<String> violations() {
    var violations = new ArrayList<>(contradictions);
    asked.values().stream()
        .filter(a -> a.answer != null && a.answer.status() >= 500)
        .forEach(a -> violations.add("request " + a.request + " was given up: " + a.answer));
    assigns(violations);
    redemptionIds(violations);
    for (var code : codes()) {
      uses(code, violations);
      locks(code, violations);
    }
    return violations;
  }

  private Stream<Asked> all(Class<? extends Op> kind) {
    return asked.values().stream().filter(a -> kind.isInstance(a.op));
  }

  private Set<String> codes() {
    var codes = new HashSet<>(holders.keySet());
    all(Op.Redeem.class).forEach(a -> codes.add(((Op.Redeem) a.op).code()));
    all(Op.Lock.class).forEach(a -> codes.add(((Op.Lock) a.op).code()));
    return codes;
  }

  private record Holder(UUID book, String user) {}

  private void assigns(List<String> violations) {
    var byHolder = new LinkedHashMap<Holder, List<Asked>>();
    var byBook = new LinkedHashMap<UUID, List<Asked>>();
    var owners = new LinkedHashMap<String, List<String>>();
    holders.forEach((code, user) -> owners.computeIfAbsent(code, _ -> new ArrayList<>()).add(user));
    all(Op.Assign.class)
        .forEach(a -> {
          var assign = (Op.Assign) a.op;
          byHolder
              .computeIfAbsent(new Holder(assign.book(), assign.user()), _ -> new ArrayList<>())
              .add(a);
          byBook.computeIfAbsent(assign.book(), _ -> new ArrayList<>()).add(a);
          if (a.isDone()) {
            var code = a.said().text("code");
            bookOfCode.put(code, assign.book());
            owners.computeIfAbsent(code, _ -> new ArrayList<>()).add(assign.user());
          }
        });
    owners.forEach((code, users) -> {
      if (users.size() > 1) {
        violations.add("code " + code + " was given " + users.size() + " times: " + users);
      }
    });
    byHolder.forEach((holder, assigns) -> limitOfCodes(holder, assigns, violations));
    byBook.forEach((book, assigns) -> noneLeft(book, assigns, violations));
  }

  private void limitOfCodes(Holder holder, List<Asked> assigns, List<String> violations) {
    int limit = book(holder.book()).maxCodes();
    if (limit == 0) {
      return;
    }
    int before =
        (int)
            holders.entrySet().stream()
                .filter(h ->
                    h.getValue().equals(holder.user())
                        && holder.book().equals(bookOfCode.get(h.getKey())))
                .count();
    long held = before + assigns.stream().filter(Asked::isDone).count();
    if (held > limit) {
      violations.add("%s was given %d codes of %d".formatted(holder, held, limit));
    }
    for (var refused : refusals(assigns, "max_codes_per_user")) {
      if (before + possible(assigns, refused) < limit) {
        violations.add("request " + refused.request + " was refused below the limit of codes");
      }
    }
  }

  private void noneLeft(UUID book, List<Asked> assigns, List<String> violations) {
    for (var refused : refusals(assigns, "no_codes_left")) {
      if (possible(assigns, refused) < book(book).codes()) {
        violations.add("request " + refused.request + " was told that none is left");
      }
    }
  }

  private static List<Asked> refusals(Collection<Asked> requests, String problem) {
    return requests.stream().filter(a -> a.answer != null && a.answer.refuses(problem)).toList();
  }

  /** How many of the requests may have taken effect before this one was answered. */
  private static long possible(Collection<Asked> requests, Asked judged) {
    return requests.stream()
        .filter(a -> a != judged && a.mayBeDone() && a.invoked < judged.answered)
        .count();
  }

  private void redemptionIds(List<String> violations) {
    var reversed = new LinkedHashMap<UUID, Integer>();
    all(Op.Reverse.class)
        .filter(Asked::isDone)
        .forEach(a -> reversed.merge(((Op.Reverse) a.op).redemption(), 1, Integer::sum));
    reversed.forEach((redemption, times) -> {
      if (times > 1) {
        violations.add("redemption " + redemption + " was reversed " + times + " times");
      }
    });
    var seen = new HashSet<String>();
    all(Op.Redeem.class)
        .filter(a -> a.isDone() && !seen.add(a.said().text("redemptionId")))
        .forEach(a -> violations.add("request " + a.request + " shares its redemption's id"));
  }

  private void uses(String code, List<String> violations) {
    var redeems = all(Op.Redeem.class).filter(a -> ((Op.Redeem) a.op).code().equals(code)).toList();
    int limit = maxRedeems(code);
    if (limit == 0) {
      return;
    }
    var ids = new HashSet<String>();
    redeems.stream().filter(Asked::isDone).forEach(a -> ids.add(a.said().text("redemptionId")));
    var reversals =
        all(Op.Reverse.class)
            .filter(a -> ids.contains(((Op.Reverse) a.op).redemption().toString()))
            .toList();
    for (var redeem : redeems.stream().filter(Asked::isDone).toList()) {
      long used = redeems.stream().filter(a -> a.isDone() && a.answered <= redeem.answered).count();
      long back =
          reversals.stream().filter(a -> a.mayBeDone() && a.invoked < redeem.answered).count();
      if (used - back > limit) {
        violations.add("code %s was used %d times of %d".formatted(code, used - back, limit));
      }
    }
    for (var refused : refusals(redeems, "max_redeems_per_user")) {
      if (possible(redeems, refused) < limit) {
        violations.add("request " + refused.request + " was refused below the limit of uses");
      }
    }
  }

  private int maxRedeems(String code) {
    var book = bookOfCode.get(code);
    return book == null ? 0 : book(book).maxRedeems();
  }

  /** A lock as its client knows it, with its times by the database's clock. */
  private record Granted(Asked by, String token, Instant from, Instant until) {}

  private void locks(String code, List<String> violations) {
    var asks = all(Op.Lock.class).filter(a -> ((Op.Lock) a.op).code().equals(code)).toList();
    var ends =
        asked.values().stream().filter(a -> a.mayBeDone() && endsLockOf(code).test(a.op)).toList();
    var granted = asks.stream().filter(Asked::isDone).map(a -> granted(code, a)).toList();
    for (var one : granted) {
      granted.stream()
          .filter(other -> overlaps(one, other) && ends.stream().noneMatch(between(one, other)))
          .forEach(other ->
              violations.add(
                  "code %s was locked for request %s, and at the same time for %s"
                      .formatted(code, one.by().request, other.by().request)));
    }
    redeemedWithoutLock(code, asks, granted, violations);
  }

  private Granted granted(String code, Asked lock) {
    var until = Instant.parse(lock.said().text("lockedUntil"));
    var book = bookOfCode.get(code);
    var holds = book == null ? Duration.ZERO : book(book).lock();
    return new Granted(lock, lock.said().text("lockToken"), until.minus(holds), until);
  }

  private static Predicate<Op> endsLockOf(String code) {
    return op ->
        switch (op) {
          case Op.Unlock unlock -> unlock.code().equals(code);
          case Op.Redeem redeem -> redeem.code().equals(code);
          case Op.MakeVoid made -> made.code().equals(code);
          case Op.Assign _, Op.Lock _, Op.Reverse _, Op.Other _ -> false;
        };
  }

  private static boolean overlaps(Granted one, Granted next) {
    return !one.token().equals(next.token())
        && !next.from().isBefore(one.from())
        && next.from().isBefore(one.until())
        && (next.from().isAfter(one.from()) || one.by().invoked < next.by().invoked);
  }

  private static Predicate<Asked> between(Granted one, Granted next) {
    return end -> end.invoked < next.by().answered && end.answered > one.by().invoked;
  }

  private static void atMostOnceALock(
      String code, List<Asked> locks, long redeems, List<String> violations) {
    long possible =
        locks.stream().filter(a -> a.answer == null).count()
            + locks.stream()
                .filter(Asked::isDone)
                .map(a -> a.said().text("lockToken"))
                .distinct()
                .count();
    if (redeems > possible) {
      violations.add(
          "code %s was redeemed %d times with %d locks".formatted(code, redeems, possible));
    }
  }

  private void redeemedWithoutLock(
      String code, List<Asked> locks, List<Granted> granted, List<String> violations) {
    var redeems =
        all(Op.Redeem.class)
            .filter(a -> ((Op.Redeem) a.op).code().equals(code) && a.isDone())
            .toList();
    atMostOnceALock(code, locks, redeems.size(), violations);
    if (locks.stream().anyMatch(a -> a.answer == null)) {
      return;
    }
    for (var redeem : redeems) {
      if (granted.stream()
          .noneMatch(lock ->
              lock.by().invoked < redeem.answered && lock.until().isAfter(redeem.invokedAt))) {
        violations.add("request " + redeem.request + " was redeemed after its lock had ended");
      }
    }
  }

  private Book book(UUID id) {
    var book = books.get(id);
    if (book == null) {
      throw new IllegalArgumentException("the history knows no book " + id);
    }
    return book;
  }
}
