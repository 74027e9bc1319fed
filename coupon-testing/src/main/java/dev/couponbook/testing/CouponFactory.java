package dev.couponbook.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows in the state that is asked for, with every column, counter and log entry to match, so
 * that the invariants hold from the start.
 */
public final class CouponFactory {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final DataSource owner;

  CouponFactory(DataSource owner) {
    this.owner = owner;
  }

  /** The terms of a new book; {@code 0} means no limit. */
  public record Terms(
      int maxCodes,
      int maxRedeems,
      @Nullable Instant startsAt,
      @Nullable Instant expiresAt,
      int lockSeconds) {
    public static Terms usual() {
      return new Terms(0, 1, null, null, 600);
    }

    public Terms maxCodes(int codes) {
      return new Terms(codes, maxRedeems, startsAt, expiresAt, lockSeconds);
    }

    public Terms maxRedeems(int redeems) {
      return new Terms(maxCodes, redeems, startsAt, expiresAt, lockSeconds);
    }

    public Terms startsAt(Instant start) {
      return new Terms(maxCodes, maxRedeems, start, expiresAt, lockSeconds);
    }

    public Terms expiresAt(Instant end) {
      return new Terms(maxCodes, maxRedeems, startsAt, end, lockSeconds);
    }
  }

  /** A book in the database. */
  public record BookRow(int number, int partner, UUID id) {}

  public int partner() {
    return partner("partner-" + NEXT.incrementAndGet());
  }

  public int partner(String name) {
    return number("INSERT INTO partner (name, client_id) VALUES (?, ?) RETURNING id", name, name);
  }

  public BookRow book(int partner) {
    return book(partner, Terms.usual());
  }

  public BookRow book(int partner, Terms terms) {
    var id = UUID.randomUUID();
    int number =
        number(
            """
            INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user,
                                     starts_at, expires_at, lock_seconds)
            VALUES (?, ?, 'a book', ?, ?, ?::timestamptz, ?::timestamptz, ?)
            RETURNING id
            """,
            id,
            partner,
            terms.maxCodes(),
            terms.maxRedeems(),
            text(terms.startsAt()),
            text(terms.expiresAt()),
            terms.lockSeconds());
    update("INSERT INTO coupon_book_pick (book_id) VALUES (?)", number);
    return new BookRow(number, partner, id);
  }

  public void pause(BookRow book) {
    change(book, "state = 'paused'");
  }

  public void close(BookRow book) {
    change(book, "state = 'closed'");
  }

  /** Changes columns of the book as a command would: counted, and written down. */
  public void change(BookRow book, String columns) {
    update(
        "UPDATE coupon_book SET %s, version = version + 1 WHERE id = ?".formatted(columns),
        book.number());
    update(
        """
        INSERT INTO coupon_book_change (partner_id, book_id, version, request_id, asked)
        SELECT partner_id, id, version, ?, '{}' FROM coupon_book WHERE id = ?
        """,
        UUID.randomUUID(),
        book.number());
  }

  public List<String> free(BookRow book, int codes) {
    var named = new ArrayList<String>();
    for (int i = 0; i < codes; i++) {
      named.add("CODE-%06d".formatted(NEXT.incrementAndGet()));
    }
    load(book, named, null);
    return named;
  }

  public String free(BookRow book) {
    return free(book, 1).getFirst();
  }

  public String freeUntil(BookRow book, Instant expiresAt) {
    var code = "CODE-%06d".formatted(NEXT.incrementAndGet());
    load(book, List.of(code), expiresAt);
    return code;
  }

  /** A code of these letters, for tests that look it up elsewhere too. */
  public String named(BookRow book, String code) {
    load(book, List.of(code), null);
    return code;
  }

  private void load(BookRow book, List<String> codes, @Nullable Instant expiresAt) {
    int load =
        number(
            """
            INSERT INTO code_load (public_id, partner_id, book_id, kind, state, started_at, finished_at)
            VALUES (?, ?, ?, 'import', 'completed', coupon_clock(), coupon_clock())
            RETURNING id
            """,
            UUID.randomUUID(),
            book.partner(),
            book.number());
    update(
        """
        INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, rows_read, rows_accepted)
        VALUES (?, 0, ?, 0, 0, 0, ?, ?)
        """,
        load,
        book.partner(),
        codes.size(),
        codes.size());
    int end =
        number(
            "UPDATE coupon_book_pick SET next_pick = next_pick + ? WHERE book_id = ? RETURNING next_pick",
            codes.size(),
            book.number());
    var picks = new ArrayList<Integer>();
    for (int pick = end - codes.size(); pick < end; pick++) {
      picks.add(pick);
    }
    Collections.shuffle(picks);
    update(
        """
        INSERT INTO coupon (partner_id, book_id, load_id, pick, code, expires_at)
        SELECT ?, ?, ?, pick, code, ?::timestamptz FROM unnest(?::integer[], ?::text[]) AS c (pick, code)
        """,
        book.partner(),
        book.number(),
        load,
        text(expiresAt),
        picks.toArray(Integer[]::new),
        codes.toArray(String[]::new));
    count(book, codes.size(), 0, 0, 0);
  }

  /** A load in the database. */
  public record LoadRow(int number, UUID id) {}

  /**
   * An import of 1,000 bytes in one part that began ten seconds ago. Of each ten rows that it read,
   * eight were duplicates and two had a bad code, so that it has brought no codes.
   *
   * @param percent how much of its bytes it has read; ten rows for each percent
   */
  public LoadRow load(BookRow book, String state, int percent) {
    var id = UUID.randomUUID();
    int number =
        number(
            """
            INSERT INTO code_load (public_id, partner_id, book_id, kind, state, file_name, bytes_total,
                                   started_at, finished_at, reason)
            SELECT ?, ?, ?, 'import', s, 'codes.csv', 1000,
                   CASE WHEN s <> 'queued' THEN coupon_clock() - interval '10 seconds' END,
                   CASE WHEN s NOT IN ('queued', 'running') THEN coupon_clock() END,
                   CASE WHEN s = 'failed' THEN 'The file is broken' END
            FROM (SELECT ?::load_state) l (s)
            RETURNING id
            """,
            id,
            book.partner(),
            book.number(),
            state);
    update(
        """
        INSERT INTO code_load_part (load_id, part, partner_id, range_from, range_to, position, bytes, lines,
                                    rows_read, rows_accepted, rows_duplicate, rows_rejected)
        SELECT ?, 0, ?, 0, 1000, 10 * p, 10 * p, 10 * p, 10 * p, 0, 8 * p, 2 * p FROM (SELECT ?) s (p)
        """,
        number,
        book.partner(),
        percent);
    update(
        """
        INSERT INTO code_reject_count (load_id, part, reason, rows)
        SELECT ?, 0, 'bad_code', n FROM (SELECT ?) s (n) WHERE n > 0
        """,
        number,
        2 * percent);
    return new LoadRow(number, id);
  }

  /**
   * Says how the load's file is read.
   *
   * @param columns the header, with semicolons between its names
   */
  public void layout(LoadRow load, String columns, int codeColumn, int expirationColumn) {
    var names = List.of(columns.split(";"));
    update(
        """
        UPDATE code_load SET layout = json_build_object('gzip', false, 'delimiter', ';', 'possibleDelimiters', ';', 'columns', ?::text[],
          'fields', ?, 'codeColumn', ?, 'expirationColumn', ?, 'trim', false, 'apostrophes', false,
          'bodyStart', 0, 'headerLines', 1)
        WHERE id = ?
        """,
        names.toArray(String[]::new),
        names.size(),
        codeColumn,
        expirationColumn,
        load.number());
  }

  /** Adds rows of the load's file that look like a mistake and were kept. */
  public void warning(LoadRow load, String warning, int rows, String example) {
    update(
        "INSERT INTO code_warning_count (load_id, part, warning, rows, example) VALUES (?, 0, ?, ?, ?)",
        load.number(),
        warning,
        rows,
        example);
  }

  /** Adds a rejected row to the load's part; its count by reason is there already. */
  public void reject(LoadRow load, long line, String reason, String raw) {
    update(
        "INSERT INTO code_reject (load_id, part, line, byte_offset, reason, raw) VALUES (?, 0, ?, ?, ?, ?)",
        load.number(),
        line,
        10 * line,
        reason,
        raw);
  }

  /** Adds an execution of the load's job, of which a step failed with this message. */
  public void failedExecution(LoadRow load, String message) {
    int id = NEXT.incrementAndGet();
    update("INSERT INTO batch.batch_job_instance VALUES (?, 0, 'import', ?)", id, "key-" + id);
    update(
        """
        INSERT INTO batch.batch_job_execution (job_execution_id, job_instance_id, create_time)
        VALUES (?, ?, coupon_clock())
        """,
        id,
        id);
    update(
        "INSERT INTO batch.batch_job_execution_params VALUES (?, 'load', 'java.lang.String', ?, 'Y')",
        id,
        Integer.toString(load.number()));
    update(
        """
        INSERT INTO batch.batch_step_execution (step_execution_id, version, step_name, job_execution_id,
                                                create_time, exit_code, exit_message, last_updated)
        VALUES (?, 0, 'part', ?, coupon_clock(), 'FAILED', ?, coupon_clock())
        """,
        id,
        id,
        message);
  }

  public String assigned(BookRow book, String user) {
    return assign(book, free(book), user);
  }

  private String assign(BookRow book, String code, String user) {
    update(
        """
        INSERT INTO coupon_holder AS h (book_id, holder, held) VALUES (?, ?, 1)
        ON CONFLICT (book_id, holder) DO UPDATE SET held = h.held + 1
        """,
        book.number(),
        user);
    update(
        "UPDATE coupon SET state = 'assigned', holder = ?, assigned_at = coupon_clock() WHERE partner_id = ? AND code = ?",
        user,
        book.partner(),
        code);
    count(book, -1, 1, 0, 0);
    return code;
  }

  public String assignedUntil(BookRow book, String user, Instant expiresAt) {
    return assign(book, freeUntil(book, expiresAt), user);
  }

  public String locked(BookRow book, String user) {
    return locked(book, user, "token", Duration.ofMinutes(10));
  }

  /** A code whose lock ended a second ago, and was not swept yet. */
  public String expiredLock(BookRow book, String user) {
    return locked(book, user, "token", Duration.ofSeconds(-1));
  }

  public String locked(BookRow book, String user, String token, Duration left) {
    var code = assigned(book, user);
    lock(book, code, user, token, left);
    return code;
  }

  /** Locks a code that the user holds. */
  public void lock(BookRow book, String code, String user, String token, Duration left) {
    update(
        """
        INSERT INTO coupon_lock (partner_id, code, book_id, holder, token, locked_until)
        VALUES (?, ?, ?, ?, ?, coupon_clock() + ? * interval '1 microsecond')
        """,
        book.partner(),
        code,
        book.number(),
        user,
        token,
        left.toNanos() / 1_000);
  }

  /** A code that was used this many times, with its log rows. */
  public String redeemed(BookRow book, String user, int times) {
    var code = assigned(book, user);
    for (int i = 0; i < times; i++) {
      redeem(book, code, user);
    }
    return code;
  }

  /** Uses a code once more, and returns the redemption's id. */
  public UUID redeem(BookRow book, String code, String user) {
    var id = UUID.randomUUID();
    lock(book, code, user, "redeeming", Duration.ofMinutes(1));
    update(
        "INSERT INTO coupon_redeem_log (id, partner_id, book_id, code, holder) VALUES (?, ?, ?, ?, ?)",
        id,
        book.partner(),
        book.number(),
        code,
        user);
    update(
        "UPDATE coupon SET redeemed_count = redeemed_count + 1 WHERE partner_id = ? AND code = ?",
        book.partner(),
        code);
    update("DELETE FROM coupon_lock WHERE partner_id = ? AND code = ?", book.partner(), code);
    count(book, 0, 0, 0, 1);
    return id;
  }

  public String voided(BookRow book) {
    var code = free(book);
    update(
        "UPDATE coupon SET state = 'void' WHERE partner_id = ? AND code = ?", book.partner(), code);
    count(book, -1, 0, 1, 0);
    return code;
  }

  /** A code that nobody holds, and an order has made void. */
  public String voidedByOrder(BookRow book) {
    var code = voided(book);
    block(book, code);
    return code;
  }

  /** A code that the user holds, and an order has made void. */
  public String blocked(BookRow book, String user) {
    var code = assigned(book, user);
    block(book, code);
    update(
        "INSERT INTO coupon_book_delta (partner_id, book_id, blocked) VALUES (?, ?, 1)",
        book.partner(),
        book.number());
    return code;
  }

  private void block(BookRow book, String code) {
    update(
        "INSERT INTO coupon_block (partner_id, code, reason, request_id) VALUES (?, ?, 'stolen', ?)",
        book.partner(),
        code,
        UUID.randomUUID());
  }

  private void count(BookRow book, int free, int assigned, int voided, int redeemed) {
    update(
        "INSERT INTO coupon_book_delta (partner_id, book_id, free, assigned, void, redeemed) VALUES (?, ?, ?, ?, ?, ?)",
        book.partner(),
        book.number(),
        free,
        assigned,
        voided,
        redeemed);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private interface Run {
    int run(Connection connection) throws SQLException;
  }

  private int number(String sql, @Nullable Object... values) {
    return with(connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        bind(statement, values);
        try (var row = statement.executeQuery()) {
          row.next();
          return row.getInt(1);
        }
      }
    });
  }

  private void update(String sql, @Nullable Object... values) {
    with(connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        bind(statement, values);
        return statement.executeUpdate();
      }
    });
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private int with(Run run) {
    try (var connection = owner.getConnection()) {
      return run.run(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("the test's rows could not be made", e);
    }
  }
}
