package dev.couponbook.store.batch;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Done;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.Cause;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.pattern.CodeGenerator;
import dev.couponbook.pattern.CodePattern;
import dev.couponbook.pattern.GeneratorKey;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.sql.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Adds up to {@link AddCodes#MAX_ANSWERED} codes to a book in one transaction: all that were asked
 * for, or none.
 */
public final class AddRequestedCodes {
  // Enough to find a gap in a nearly full key space in few round trips, small enough for one array.
  private static final int MAX_CANDIDATES = 20_000;

  private AddRequestedCodes() {}

  private record NewCode(CouponCode code, @Nullable Instant expiration) {}

  /**
   * Adds the codes of a request: the named ones first, then the generated ones.
   *
   * @param add at most {@link AddCodes#MAX_ANSWERED} codes
   * @return done with all the codes, or refused with nothing written
   */
  public static Outcome add(Connection connection, CommandMessage message, AddCodes add)
      throws SQLException {
    var partner = message.partner();
    var book = Books.find(connection, partner, add.bookId()).orElse(null);
    if (book == null) {
      return Refused.because(Refusal.BOOK_NOT_FOUND);
    }
    if (book.state() == BookState.CLOSED) {
      return Refused.because(Refusal.BOOK_CLOSED);
    }
    var named = manualCodes(add);
    var taken = taken(connection, partner, named);
    if (!taken.isEmpty() || named.size() < add.manual().size()) {
      return alreadyExist(add.manual(), taken);
    }
    var codes = new ArrayList<NewCode>();
    add.manual().forEach(m -> codes.add(new NewCode(m.code(), m.expiration())));
    if (add.generated() != null) {
      var generated = add.generated();
      var pattern =
          CodePattern.of(
              generated.pattern(),
              generated.prefix(),
              generated.codeLength(),
              generated.alphabet());
      var made = generate(connection, partner, pattern, generated.amount(), named);
      if (made.size() < generated.amount()) {
        return cannotGenerate(generated.amount(), pattern, made.size());
      }
      made.forEach(code -> codes.add(new NewCode(code, generated.expiration())));
    }
    insert(connection, message, book, codes);
    return Done.created(Map.of("codes", codes.stream().map(AddRequestedCodes::answer).toList()));
  }

  private static Set<CouponCode> manualCodes(AddCodes add) {
    var codes = new HashSet<CouponCode>();
    add.manual().forEach(m -> codes.add(m.code()));
    return codes;
  }

  /**
   * The refusal of named codes.
   *
   * @param taken those that exist already; those that the request names twice are found here
   */
  public static Refused alreadyExist(List<ManualCode> manual, Collection<CouponCode> taken) {
    var seen = new HashSet<CouponCode>();
    var clashes = new TreeSet<CouponCode>(taken);
    for (var code : manual) {
      if (!seen.add(code.code())) {
        clashes.add(code.code());
      }
    }
    return Refused.because(
        Refusal.CODES_ALREADY_EXIST,
        taken.isEmpty() ? Cause.NAMED_TWICE : Cause.CODES_EXIST,
        Map.of("codes", List.copyOf(clashes)));
  }

  private static final String TAKEN =
      """
      SELECT code
      FROM coupon
      WHERE partner_id = ? AND code = ANY (?::text[])
      """;

  private static Set<CouponCode> taken(
      Connection connection, PartnerId partner, Collection<CouponCode> codes) throws SQLException {
    if (codes.isEmpty()) {
      return Set.of();
    }
    var taken = new HashSet<CouponCode>();
    Sql.of(connection, TAKEN)
        .with(partner)
        .texts(codes, CouponCode::value)
        .each(row -> taken.add(new CouponCode(row.text("code"))));
    return taken;
  }

  /** As many new codes as asked, or as many as the pattern still has. */
  private static List<CouponCode> generate(
      Connection connection,
      PartnerId partner,
      CodePattern pattern,
      int amount,
      Set<CouponCode> manual)
      throws SQLException {
    if (pattern.keySpace().compareTo(BigInteger.valueOf(amount)) < 0) {
      return List.of();
    }
    var candidates = new CodeGenerator(pattern, amount, GeneratorKey.mint()).candidates();
    var made = new ArrayList<CouponCode>(amount);
    int step = amount;
    while (made.size() < amount && candidates.hasNext()) {
      var some = new LinkedHashSet<CouponCode>();
      while (some.size() < step && candidates.hasNext()) {
        some.add(candidates.next());
      }
      some.removeAll(manual);
      some.removeAll(taken(connection, partner, some));
      some.stream().limit(amount - made.size()).forEach(made::add);
      step = Math.min(2 * step, MAX_CANDIDATES);
    }
    // They come in ascending order, and an answer should not look like a series.
    Collections.shuffle(made);
    return made;
  }

  private static Outcome cannotGenerate(int amount, CodePattern pattern, int available) {
    var details = new LinkedHashMap<String, Object>();
    details.put("keySpace", pattern.keySpace());
    details.put("taken", pattern.keySpace().subtract(BigInteger.valueOf(available)));
    details.put("asked", amount);
    return new Refused(
        Refusal.CANNOT_GENERATE,
        "Failed to generate " + amount + " random new codes",
        Cause.TOO_FEW_LEFT,
        details);
  }

  private static Map<String, Object> answer(NewCode code) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("code", code.code());
    if (code.expiration() != null) {
      answer.put("expiration", code.expiration());
    }
    return answer;
  }

  private static final String INSERT_LOAD =
      """
      WITH load AS (
        INSERT INTO code_load (public_id, partner_id, book_id, kind, state, rows_expected, started_at, finished_at)
        VALUES (?, ?, ?, 'request', 'completed', ?, coupon_clock(), coupon_clock())
        RETURNING id, partner_id, book_id, rows_expected),
      part AS (
        INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, rows_read, rows_accepted)
        SELECT id, 0, partner_id, 0, rows_expected, rows_expected, rows_expected, rows_expected FROM load),
      counted AS (
        INSERT INTO coupon_book_delta (partner_id, book_id, free)
        SELECT partner_id, book_id, rows_expected FROM load)
      SELECT id FROM load
      """;

  // If one of the codes came in after the look-up, this statement fails with a unique
  // violation, and the command is tried again.
  private static final String INSERT_CODES =
      """
      INSERT INTO coupon (partner_id, book_id, load_id, pick, code, expires_at)
      SELECT ?, ?, ?, pick, code, expires_at::timestamptz
      FROM unnest(?::integer[], ?::text[], ?::text[]) AS added (pick, code, expires_at)
      -- One order for all, or two requests with the same codes could wait for each other.
      ORDER BY code COLLATE "C"
      """;

  private static void insert(
      Connection connection, CommandMessage message, Book book, List<NewCode> codes)
      throws SQLException {
    int load = insertLoad(connection, message, book, codes.size());
    var picks = takePicks(connection, book, codes.size());
    Sql.of(connection, INSERT_CODES)
        .with(book.partner())
        .with(book.number())
        .with(load)
        .integers(picks, pick -> pick)
        .texts(codes, c -> c.code().value())
        .instants(codes, NewCode::expiration)
        .update();
  }

  private static int insertLoad(Connection connection, CommandMessage message, Book book, int codes)
      throws SQLException {
    return Sql.of(connection, INSERT_LOAD)
        .with(message.requestId().value())
        .with(book.partner())
        .with(book.number())
        .with((long) codes)
        .one(row -> row.integer("id"));
  }

  /** One pick number per code, shuffled: that is what makes later picks random. */
  private static List<Integer> takePicks(Connection connection, Book book, int codes)
      throws SQLException {
    int first = CopyCodes.takePicks(connection, book.number(), codes);
    var picks = new ArrayList<Integer>(codes);
    for (int pick = first; pick < first + codes; pick++) {
      picks.add(pick);
    }
    Collections.shuffle(picks);
    return picks;
  }
}
