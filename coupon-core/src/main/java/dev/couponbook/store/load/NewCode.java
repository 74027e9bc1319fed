package dev.couponbook.store.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A code on its way into the database, one of millions: ASCII bytes and primitives, in the order of
 * the primary key.
 */
public final class NewCode implements Comparable<NewCode> {
  /** For a code that has no expiration of its own. */
  public static final long NEVER = Long.MAX_VALUE;

  private final byte[] code;
  // The first eight bytes: most comparisons end here.
  private final long head;
  private final long expiresMicros;
  private final long offset;

  /**
   * @param code a valid code in ASCII; kept, not copied
   * @param expiresMicros microseconds since 1970, or {@link #NEVER}
   * @param offset where in its file or generation it stands
   */
  public NewCode(byte[] code, long expiresMicros, long offset) {
    this.code = code;
    this.head = head(code);
    this.expiresMicros = expiresMicros;
    this.offset = offset;
  }

  /** An expiration in the form of this class. */
  public static long micros(@Nullable Instant expiration) {
    return expiration == null ? NEVER : ChronoUnit.MICROS.between(Instant.EPOCH, expiration);
  }

  private static long head(byte[] code) {
    long head = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      head = head << 8 | (i < code.length ? code[i] : 0);
    }
    return head;
  }

  byte[] code() {
    return code;
  }

  long expiresMicros() {
    return expiresMicros;
  }

  public long offset() {
    return offset;
  }

  public String text() {
    return new String(code, StandardCharsets.ISO_8859_1);
  }

  public boolean hasSameCode(NewCode other) {
    return head == other.head && Arrays.equals(code, other.code);
  }

  /** By code, as the database's collation "C" does; ASCII has no sign bit to mind. */
  @Override
  public int compareTo(NewCode other) {
    int byHead = Long.compare(head, other.head);
    return byHead != 0 ? byHead : Arrays.compare(code, other.code);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NewCode that && hasSameCode(that);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(code);
  }
}
