package dev.couponbook.ingest.upload;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.file.EndFormat;
import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns each row into a code or a reject. A mistake in a row costs that row only, and nothing is
 * corrected; spaces around cells are taken away only if the partner says that they do not count.
 */
final class RowReader {
  /** The most bytes that a field may have. */
  static final int MAX_FIELD = 1024;

  private final FileLayout layout;
  private final CsvFields csv;
  private final Quotes quotes;
  private final EndFormat ends;
  private final HeaderAgain headerAgain;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final long defaultExpiration;
  private final Instant now;
  private final Kind[] kinds = new Kind[256];

  // Most rows of a file share their expiration with the row before.
  private String lastExpiration = "";
  private long lastExpirationMicros;

  /** What a byte tells of a row that is nothing but its code. */
  private enum Kind {
    PLAIN,
    /** A code with it may be a mistake. */
    SIGN,
    /** A row with it must be read field by field. */
    OTHER
  }

  /**
   * @param defaultExpiration of codes that have none of their own
   * @param now an expiration that is not after it is in the past
   */
  RowReader(FileLayout layout, @Nullable Instant defaultExpiration, Instant now) {
    this.layout = layout;
    this.csv = new CsvFields(layout.delimiter(), layout.trim());
    this.quotes = Quotes.of(layout);
    this.ends = layout.endFormat();
    this.headerAgain = new HeaderAgain(layout.columns());
    this.defaultExpiration = NewCode.micros(defaultExpiration);
    this.now = now;
    boolean onlyCodes = layout.codeColumn() == 0 && !layout.apostrophes();
    for (int b = 0; b < kinds.length; b++) {
      kinds[b] = onlyCodes ? kind((byte) b) : Kind.OTHER;
    }
  }

  private Kind kind(byte b) {
    if (b < '!' || b > '~' || b == layout.delimiter() || b == '"') {
      return Kind.OTHER;
    }
    return SuspiciousCodes.isSign(b) ? Kind.SIGN : Kind.PLAIN;
  }

  /**
   * Adds the row to the block as what it is: a code, a reject, or a line without a row. A line that
   * leaves a quote open takes the next ones with it, up to the one that closes it.
   */
  void read(LineReader line, Block.Builder block) throws IOException {
    if (line.from() == line.to() && !line.isTooLong()) {
      block.addEmptyLine();
      return;
    }
    // Millions of rows are one field, the code: neither a String nor a list of fields is made.
    switch (kindOfPlainCode(line)) {
      case PLAIN -> addPlain(line, block, false);
      case SIGN -> addPlain(line, block, true);
      case OTHER -> readFields(line, block);
    }
  }

  private Kind kindOfPlainCode(LineReader line) {
    if (line.to() - line.from() > CouponCode.MAX_LENGTH) {
      return Kind.OTHER;
    }
    var bytes = line.bytes();
    var kind = Kind.PLAIN;
    for (int i = line.from(); i < line.to(); i++) {
      var next = kinds[bytes[i] & 0xff];
      if (next != Kind.PLAIN) {
        if (next == Kind.OTHER) {
          return next;
        }
        kind = next;
      }
    }
    return kind;
  }

  private void addPlain(LineReader line, Block.Builder block, boolean hasSign) {
    if (headerAgain.is(line.bytes(), line.from(), line.to())) {
      reject(line, 1, block, RejectReason.HEADER_AGAIN);
      return;
    }
    var code = Arrays.copyOfRange(line.bytes(), line.from(), line.to());
    if (hasSign || SuspiciousCodes.mayBeWord(code[0], code.length)) {
      lookAt(new String(code, StandardCharsets.US_ASCII), block);
    }
    block.addCode(new NewCode(code, defaultExpiration, line.offset()));
  }

  private static void lookAt(String code, Block.Builder block) {
    var warning = SuspiciousCodes.look(code);
    if (warning != null) {
      block.warn(warning, code);
    }
  }

  private void readFields(LineReader line, Block.Builder block) throws IOException {
    if (line.isTooLong()) {
      reject(line, 1, block, RejectReason.LINE_TOO_LONG);
      return;
    }
    int lines = Quotes.isIn(line.bytes(), line.from(), line.to()) ? closeQuote(line) : 1;
    if (lines > 1) {
      reject(line, lines, block, RejectReason.OPEN_QUOTE);
      return;
    }
    String text;
    try {
      text =
          utf8.decode(ByteBuffer.wrap(line.bytes(), line.from(), line.to() - line.from()))
              .toString();
    } catch (CharacterCodingException e) {
      reject(line, 1, block, RejectReason.BAD_UTF8);
      return;
    }
    var fields = csv.of(text);
    if (fields.broken() != null) {
      reject(line, 1, block, fields.broken());
      return;
    }
    if (fields.values().stream().allMatch(String::isEmpty) && text.indexOf('"') < 0) {
      block.addEmptyLine(); // only delimiters: spreadsheets write them below the last row
      return;
    }
    var reason = add(fields.values(), line.offset(), block);
    if (reason != null) {
      reject(line, 1, block, reason);
    }
  }

  // Takes in the lines that a quote of this one reaches over; returns how many lines it has then.
  private int closeQuote(LineReader line) throws IOException {
    int lines = 1;
    boolean open = quotes.openAfter(line.bytes(), line.from(), line.to(), false);
    while (open && lines < Quotes.MAX_LINES) {
      int end = line.to() - line.from();
      if (!line.extend(Quotes.MAX_BYTES)) {
        break;
      }
      lines++;
      open = quotes.openAfter(line.bytes(), line.from() + end, line.to(), true);
    }
    return lines;
  }

  private @Nullable RejectReason add(List<String> fields, long offset, Block.Builder block) {
    for (var field : fields) {
      if (field.length() > MAX_FIELD || utf8Length(field) > MAX_FIELD) {
        return RejectReason.FIELD_TOO_LONG;
      }
    }
    if (headerAgain.is(fields)) {
      return RejectReason.HEADER_AGAIN;
    }
    var code = field(fields, layout.codeColumn());
    if (code.isEmpty()) {
      return RejectReason.NO_CODE;
    }
    if (!CouponCode.isValid(code)) {
      return RejectReason.INVALID_CODE;
    }
    var expiration = field(fields, layout.expirationColumn());
    long expires = defaultExpiration;
    if (!expiration.isEmpty()) {
      try {
        expires = expiration(expiration);
      } catch (InvalidValueException e) {
        return RejectReason.INVALID_EXPIRATION;
      }
      if (expires <= NewCode.micros(now)) {
        return RejectReason.EXPIRED;
      }
    }
    lookAt(code, block);
    block.addCode(new NewCode(code.getBytes(StandardCharsets.US_ASCII), expires, offset));
    return null;
  }

  private String field(List<String> fields, int column) {
    if (column < 0 || column >= fields.size()) {
      return "";
    }
    return layout.apostrophes() ? FormulaCells.unguard(fields.get(column)) : fields.get(column);
  }

  private static int utf8Length(String text) {
    // A character has at most three bytes, so a text of a third of the bound cannot exceed it.
    return text.length() * 3 <= MAX_FIELD
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private long expiration(String text) {
    if (!text.equals(lastExpiration)) {
      lastExpirationMicros = NewCode.micros(ends.parse(text));
      lastExpiration = text;
    }
    return lastExpirationMicros;
  }

  private static void reject(LineReader line, int lines, Block.Builder block, RejectReason reason) {
    block.addReject(
        new RejectedRow(block.line(), line.offset(), reason.code(), storable(line)), lines);
  }

  // A character that PostgreSQL's text cannot store becomes the replacement character.
  private static String storable(LineReader line) {
    return new String(line.bytes(), line.from(), line.to() - line.from(), StandardCharsets.UTF_8)
        .replace('\0', '\uFFFD');
  }
}
