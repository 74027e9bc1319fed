package dev.couponbook.ingest.generate;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Outcome;
import dev.couponbook.command.Outcome.Refused;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.Refusal;
import dev.couponbook.store.batch.AddRequestedCodes;
import dev.couponbook.store.batch.Books;
import dev.couponbook.store.batch.Capacity;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewLoad;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.NewCode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Begins a generation that is too large to be made within its request: the codes that the partner
 * named are added at once, and a load is created from which a job makes the rest. If the request is
 * refused, nothing of it is kept.
 */
final class StartGeneration {
  /**
   * Begins in the caller's transaction. The same message once more changes nothing.
   *
   * @return the refusal; empty if the generation has begun
   * @throws IllegalStateException if a named code was added by someone else in the meantime: the
   *     message must be handled again
   */
  Optional<Outcome> start(Connection connection, CommandMessage message) throws SQLException {
    var add = (AddCodes) message.command();
    var book = Books.find(connection, message.partner(), add.bookId()).orElse(null);
    if (book == null) {
      return Optional.of(Refused.because(Refusal.BOOK_NOT_FOUND));
    }
    var earlier = CodeLoads.find(connection, message.partner(), loadId(message));
    if (earlier.isPresent()) {
      // The same message once more while its job is at work; or its key, after the answer was
      // forgotten.
      return earlier.get().state().isFinal()
          ? Optional.of(Refused.because(Refusal.KEY_EXPIRED))
          : Optional.empty();
    }
    if (book.state() == BookState.CLOSED) {
      return Optional.of(Refused.because(Refusal.BOOK_CLOSED));
    }
    var taken = taken(connection, message, add);
    if (!taken.isEmpty() || hasDuplicate(add)) {
      return Optional.of(AddRequestedCodes.alreadyExist(add.manual(), taken));
    }
    var generation = Generation.of(message);
    var pattern = generation.pattern();
    long ofManual = add.manual().stream().filter(m -> pattern.matches(m.code().value())).count();
    int amount = generation.generated().amount();
    var room = Capacity.room(connection, message.partner(), pattern, amount + ofManual);
    if (!room.enough()) {
      return Optional.of(GenerationReport.cannotGenerate(amount, room));
    }
    var load = CodeLoads.create(connection, newLoad(message, book.number(), generation));
    if (load.isPresent()) {
      addManual(connection, new Target(message.partner(), book.number(), load.getAsInt()), add);
    }
    return Optional.empty();
  }

  private static List<CouponCode> taken(Connection connection, CommandMessage message, AddCodes add)
      throws SQLException {
    var texts = add.manual().stream().map(manual -> manual.code().value()).toList();
    var taken = new ArrayList<CouponCode>();
    for (Duplicate duplicate : CopyCodes.duplicates(connection, message.partner(), texts)) {
      taken.add(new CouponCode(duplicate.code()));
    }
    return taken;
  }

  private static boolean hasDuplicate(AddCodes add) {
    return add.manual().stream().map(ManualCode::code).distinct().count() < add.manual().size();
  }

  private static LoadId loadId(CommandMessage message) {
    return new LoadId(message.requestId().value());
  }

  private static NewLoad newLoad(CommandMessage message, int book, Generation generation) {
    return NewLoad.ofGeneration(
        loadId(message),
        message.partner(),
        book,
        (long) generation.addCodes().manual().size() + generation.generated().amount(),
        generation.toJson());
  }

  private static void addManual(Connection connection, Target target, AddCodes add)
      throws SQLException {
    int count = add.manual().size();
    if (count == 0) {
      return;
    }
    var codes = new ArrayList<NewCode>();
    for (var manual : add.manual()) {
      codes.add(newCode(manual, codes.size()));
    }
    Collections.sort(codes);
    int first = CopyCodes.takePicks(connection, target.bookId(), count);
    var picks = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      picks.add(first + i);
    }
    Collections.shuffle(picks);
    var duplicates =
        CopyCodes.add(connection, target, codes, picks.stream().mapToInt(p -> p).toArray());
    if (!duplicates.isEmpty()) {
      // Added after they were looked for. The message comes again, and is refused then.
      throw new IllegalStateException(
          "%d codes of load %d were added by others in the meantime"
              .formatted(duplicates.size(), target.loadId()));
    }
    LoadParts.create(
        connection, target.loadId(), List.of(new NewPart(Generation.MANUAL, 0, count, 0)));
    LoadParts.advance(
        connection,
        target.loadId(),
        Generation.MANUAL,
        new Move(0, count, 0, 0),
        new Counts(count, count, 0, 0, 0, 0));
    CopyCodes.countFree(connection, target.partner(), target.bookId(), count);
  }

  private static NewCode newCode(ManualCode manual, int position) {
    var code = manual.code().value().getBytes(StandardCharsets.US_ASCII);
    return new NewCode(code, NewCode.micros(manual.expiration()), position);
  }
}
