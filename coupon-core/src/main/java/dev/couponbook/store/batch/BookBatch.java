package dev.couponbook.store.batch;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.command.CancelLoad;
import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.CreateBook;
import dev.couponbook.command.LockCode;
import dev.couponbook.command.NewValue;
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
import dev.couponbook.coupon.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The books that commands of a batch change, in the transaction of the batch: {@link #open} locks
 * their rows, each command is decided in its turn, and {@link #write} writes what has become of the
 * books, all of them in one statement. A batch without such commands costs no statement.
 *
 * <p>Commands on codes are decided by the terms that stood when their batch began. So a change
 * counts as the later one, whichever place it has in the batch.
 */
final class BookBatch {
  private final Connection connection;
  private final Map<Books.Key, OpenBook> books;
  private final Instant now;
  private final List<BookChanges.Change> changes = new ArrayList<>();

  /** Opens a batch; the rows of the books stay locked until the end of the transaction. */
  static BookBatch open(Connection connection, Collection<CommandMessage> messages)
      throws SQLException {
    var keys = new LinkedHashSet<Books.Key>();
    for (var message : messages) {
      changed(message).ifPresent(id -> keys.add(new Books.Key(message.partner(), id)));
    }
    var books = BookChanges.lock(connection, keys);
    // Read when the rows are ours: nothing that is judged by it has waited since.
    var now = books.isEmpty() ? Instant.EPOCH : CodeChanges.clock(connection);
    return new BookBatch(connection, books, now);
  }

  private BookBatch(Connection connection, Map<Books.Key, OpenBook> books, Instant now) {
    this.connection = connection;
    this.books = books;
    this.now = now;
  }

  private static Optional<BookId> changed(CommandMessage message) {
    return switch (message.command()) {
      case ChangeBook change -> Optional.of(change.bookId());
      case SetBookState set -> Optional.of(set.bookId());
      case CreateBook _,
          AddCodes _,
          AssignAny _,
          AssignCode _,
          LockCode _,
          UnlockCode _,
          RedeemCode _,
          ReverseRedemption _,
          VoidCode _,
          UnassignCode _,
          ReplaceCode _,
          CancelLoad _,
          UndoLoad _ ->
          Optional.empty();
    };
  }

  /** Gives the book new terms, a new name or new metadata. */
  Outcome change(CommandMessage message, ChangeBook change) {
    var book = books.get(new Books.Key(message.partner(), change.bookId()));
    if (book == null) {
      return Refused.absent(Refusal.BOOK_NOT_FOUND);
    }
    if (book.state() == BookState.CLOSED) {
      return Refused.because(Refusal.BOOK_CLOSED);
    }
    if (change.ifVersion() != null && change.ifVersion() != book.version()) {
      return Refused.because(
          Refusal.VERSION_CHANGED, Cause.CHANGED_MEANWHILE, Map.of("version", book.version()));
    }
    var starts = NewValue.after(change.startsAt(), book.terms().startsAt());
    var ends = NewValue.after(change.expiresAt(), book.terms().expiresAt());
    if (starts != null && ends != null && !ends.isAfter(starts)) {
      return Refused.because(
          Refusal.INVALID_DATES,
          Cause.ENDS_BEFORE_START,
          Map.of("startsAt", starts, "expiresAt", ends));
    }
    if (change.expiresAt() != null && ends != null && !ends.isAfter(now)) {
      return Refused.because(
          Refusal.INVALID_DATES, Cause.END_HAS_PASSED, Map.of("expiresAt", ends));
    }
    book.change(change);
    changes.add(new BookChanges.Change(book, book.version(), message.requestId(), change));
    return Done.ok(book.answer());
  }

  /** Pauses, resumes or closes the book. That it is so already is also success. */
  Outcome set(CommandMessage message, SetBookState set) {
    var book = books.get(new Books.Key(message.partner(), set.bookId()));
    if (book == null) {
      return Refused.absent(Refusal.BOOK_NOT_FOUND);
    }
    if (book.state() == set.state()) {
      return Done.ok(book.answer());
    }
    if (book.state() == BookState.CLOSED) {
      return Refused.because(Refusal.BOOK_CLOSED);
    }
    book.become(set.state());
    changes.add(new BookChanges.Change(book, book.version(), message.requestId(), set));
    return Done.ok(book.answer());
  }

  /** Writes what the commands changed. The caller records the outcomes after it and commits. */
  void write() throws SQLException {
    BookChanges.update(connection, books.values().stream().filter(OpenBook::isChanged).toList());
    BookChanges.record(connection, changes);
  }
}
