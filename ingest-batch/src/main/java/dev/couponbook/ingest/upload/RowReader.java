package dev.couponbook.ingest.upload;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns each line into a code or a reject. A mistake in a row costs that row only, and nothing is
 * trimmed or corrected.
 */
final class RowReader {
  /** The most bytes that a field may have. */
  static final int MAX_FIELD = 1024;

  // ISO 8601, extended, with a zone; strict, so that 30 February is a mistake.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ISO_OFFSET_DATE_TIME.withResolverStyle(ResolverStyle.STRICT);
  private static final int MAX_YEAR = 9999;

  private final FileLayout layout;
  private final CsvFields csv;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final long defaultExpiration;
  private final Instant now;

  // Most rows of a file share their expiration with the row before.
  private String lastExpiration = "";
  private long lastExpirationMicros;

  RowReader(FileLayout layout, @Nullable Instant defaultExpiration, Instant now) {
    this.layout = layout;
    this.csv = new CsvFields(layout.delimiter());
    this.defaultExpiration = NewCode.micros(defaultExpiration);
    this.now = now;
  }

  /**
   * Adds the line to the block as what it is: a code, a reject, or an empty line, which is not a
   * row.
   */
  void read(LineReader line, Block.Builder block) {
    if (line.from() == line.to() && !line.isTooLong()) {
      block.addEmptyLine();
    } else if (isPlainCode(line)) {
      var code = Arrays.copyOfRange(line.bytes(), line.from(), line.to());
      block.addCode(new NewCode(code, defaultExpiration, line.offset()));
    } else {
      readFields(line, block);
    }
  }

  // Millions of lines are one field, the code: neither a String nor a list of fields is made.
  private boolean isPlainCode(LineReader line) {
    if (line.to() - line.from() > CouponCode.MAX_LENGTH
        || layout.codeColumn() != 0
        || layout.apostrophes()) {
      return false;
    }
    var bytes = line.bytes();
    for (int i = line.from(); i < line.to(); i++) {
      byte b = bytes[i];
      if (b < '!' || b > '~' || b == layout.delimiter() || b == '"') {
        return false;
      }
    }
    return true;
  }

  private void readFields(LineReader line, Block.Builder block) {
    if (line.isTooLong()) {
      reject(line, block, RejectReason.LINE_TOO_LONG);
      return;
    }
    String text;
    try {
      text =
          utf8.decode(ByteBuffer.wrap(line.bytes(), line.from(), line.to() - line.from()))
              .toString();
    } catch (CharacterCodingException e) {
      reject(line, block, RejectReason.BAD_UTF8);
      return;
    }
    List<String> fields;
    if (text.indexOf('"') >= 0) {
      var quoted = csv.of(text);
      if (quoted.broken() != null) {
        reject(line, block, quoted.broken());
        return;
      }
      fields = quoted.values();
    } else {
      fields = csv.ofAny(text);
    }
    var reason = add(fields, line.offset(), block);
    if (reason != null) {
      reject(line, block, reason);
    }
  }

  private @Nullable RejectReason add(List<String> fields, long offset, Block.Builder block) {
    for (var field : fields) {
      if (field.length() > MAX_FIELD || utf8Length(field) > MAX_FIELD) {
        return RejectReason.FIELD_TOO_LONG;
      }
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
      } catch (DateTimeParseException e) {
        return RejectReason.INVALID_EXPIRATION;
      }
      if (expires <= NewCode.micros(now)) {
        return RejectReason.EXPIRED;
      }
    }
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
      var time = OffsetDateTime.parse(text, TIME);
      if (time.getYear() > MAX_YEAR || time.getYear() < 0) {
        throw new DateTimeParseException("the year is out of bounds", text, 0);
      }
      lastExpiration = text;
      lastExpirationMicros = NewCode.micros(time.toInstant());
    }
    return lastExpirationMicros;
  }

  private static void reject(LineReader line, Block.Builder block, RejectReason reason) {
    block.addReject(new RejectedRow(block.line(), line.offset(), reason.code(), storable(line)));
  }

  // A character that PostgreSQL's text cannot store becomes the replacement character.
  private static String storable(LineReader line) {
    return new String(line.bytes(), line.from(), line.to() - line.from(), StandardCharsets.UTF_8)
        .replace('\0', '\uFFFD');
  }
}
