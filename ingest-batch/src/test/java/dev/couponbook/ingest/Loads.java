package dev.couponbook.ingest;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.AddCodes.ManualCode;
import dev.couponbook.command.Command;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.generate.Generation;
import dev.couponbook.json.Json;
import dev.couponbook.pattern.GeneratorKey;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.CodeLoads.NewLoad;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.testing.CouponFactory.BookRow;
import dev.couponbook.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A book of a test, and the loads for it, as files and requests make them. */
public final class Loads {
  private static final String LAYOUT =
      """
      {"gzip":false,"delimiter":",","possibleDelimiters":",","columns":[],"fields":1,"codeColumn":0,"expirationColumn":1,"trim":false,
       "apostrophes":false,"bodyStart":0,"headerLines":0}
      """;

  private final Transactions transactions;
  private final BookRow book;

  public Loads(TestDatabase database) {
    this(database, database.rows().book(database.rows().partner()));
  }

  public Loads(TestDatabase database, BookRow book) {
    this.transactions = new Transactions(database.as("coupon_ingest"));
    this.book = book;
  }

  /** Transactions as the role of the program. */
  public Transactions transactions() {
    return transactions;
  }

  public BookRow book() {
    return book;
  }

  public PartnerId partner() {
    return new PartnerId(book.partner());
  }

  /** A file of this many bytes that is not in the bucket. */
  public static NewFile file(long bytes) {
    return new NewFile("codes.csv", "uploads/1/x.csv", "etag", null, bytes, LoadOptions.USUAL);
  }

  public static NewFile dryRun(NewFile file) {
    return asking(new LoadOptions(false, true, null, null, StatedLayout.NOTHING), file);
  }

  /** A file of which nothing is kept if one code exists already. */
  public static NewFile allOrNothing(NewFile file) {
    return asking(new LoadOptions(true, false, null, null, StatedLayout.NOTHING), file);
  }

  public static NewFile asking(LoadOptions options, NewFile file) {
    return new NewFile(file.name(), file.key(), file.etag(), file.sha256(), file.bytes(), options);
  }

  public static NewFile declaring(String sha256, NewFile file) {
    return new NewFile(file.name(), file.key(), file.etag(), sha256, file.bytes(), file.options());
  }

  public CodeLoad create(NewFile file) {
    return create(NewLoad.ofFile(new LoadId(UUID.randomUUID()), partner(), book.number(), file));
  }

  /** A load of a file without a header that is one part. */
  public CodeLoad createWithPart(NewFile file) {
    var load = create(file);
    transactions.run(c -> {
      CodeLoads.setLayout(c, load.id(), LAYOUT);
    });
    addParts(load, new NewPart(0, 0, file.bytes(), 0));
    return current(load);
  }

  /** A load that generates codes, without parts. */
  public CodeLoad createGeneration(int amount, String pattern) {
    var message = message(add(amount, pattern, List.of()));
    var generation = new Generation(CommandCodec.encode(message), GeneratorKey.mint());
    return create(
        NewLoad.ofGeneration(
            new LoadId(message.requestId().value()),
            partner(),
            book.number(),
            amount,
            Json.mapper().writeValueAsString(generation)));
  }

  private CodeLoad create(NewLoad load) {
    return transactions.inTransaction(
        c -> CodeLoads.byId(c, CodeLoads.create(c, load).orElseThrow()));
  }

  public void addParts(CodeLoad load, NewPart... parts) {
    transactions.run(c -> {
      LoadParts.create(c, load.id(), List.of(parts));
    });
  }

  public AddCodes add(int amount, String pattern, List<String> manual) {
    return new AddCodes(
        new BookId(book.id()),
        new Generated(amount, null, null, pattern, null, null),
        manual.stream().map(code -> new ManualCode(new CouponCode(code), null)).toList());
  }

  /** A new request of the partner. */
  public CommandMessage message(Command command) {
    var request = UUID.randomUUID();
    return new CommandMessage(
        new RequestId(request), partner(), Fingerprint.of(request.toString()), command);
  }

  /** The load as its row is now. */
  public CodeLoad current(CodeLoad load) {
    return transactions.inTransaction(c -> CodeLoads.byId(c, load.id()));
  }

  public Part part(CodeLoad load, int part) {
    return transactions.inTransaction(c -> LoadParts.one(c, load.id(), part));
  }

  public static NewCode code(String code) {
    return new NewCode(code.getBytes(StandardCharsets.US_ASCII), NewCode.NEVER, 0);
  }

  public static List<NewCode> codes(String... codes) {
    return List.of(codes).stream().map(Loads::code).toList();
  }

  /** The lines of a file: a code each. */
  public static String lines(String prefix, int count) {
    var lines = new StringBuilder();
    IntStream.range(0, count)
        .forEach(i -> lines.append(prefix).append("%08d".formatted(i)).append('\n'));
    return lines.toString();
  }
}
