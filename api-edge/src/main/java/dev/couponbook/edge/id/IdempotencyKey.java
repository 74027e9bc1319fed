package dev.couponbook.edge.id;

import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The name that a partner gives to one act, so that asking twice does it once.
 *
 * @param value 1 to 255 ASCII characters
 */
public record IdempotencyKey(String value) {
  public static final String HEADER = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  /**
   * Reads the header: a structured-field string ({@code "…"}, RFC 9651, 3.3.3) or a bare token;
   * both spellings of a key are the same key.
   *
   * @throws ProblemException 400, if the header is no key, or comes twice with two keys
   */
  public static Optional<IdempotencyKey> parse(List<String> headers) {
    var keys = new HashSet<IdempotencyKey>();
    for (var header : headers) {
      keys.add(parse(header.strip()));
    }
    if (keys.size() > 1) {
      throw invalid("Idempotency-Key was sent more than once, with different keys");
    }
    return keys.stream().findFirst();
  }

  private static IdempotencyKey parse(String header) {
    var key = header.startsWith("\"") ? unquote(header) : header;
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw invalid("Idempotency-Key must have 1 to 255 characters");
    }
    if (!header.startsWith("\"") && !key.chars().allMatch(IdempotencyKey::isBare)) {
      throw invalid(
          "Idempotency-Key must be a quoted string of ASCII, or only of A-Z, a-z, 0-9, _ and -");
    }
    return new IdempotencyKey(key);
  }

  private static String unquote(String quoted) {
    var key = new StringBuilder();
    int last = quoted.length() - 1;
    for (int i = 1; i < last; i++) {
      char c = quoted.charAt(i);
      if (c == '\\' && i + 1 < last) {
        c = quoted.charAt(++i);
        if (c != '"' && c != '\\') {
          throw invalid("Idempotency-Key: only \\\" and \\\\ may follow a backslash");
        }
      } else if (c == '"' || c == '\\') {
        throw invalid("Idempotency-Key is not one quoted string");
      }
      if (c < ' ' || c > '~') {
        throw invalid("Idempotency-Key must be printable ASCII");
      }
      key.append(c);
    }
    if (last == 0 || quoted.charAt(last) != '"') {
      throw invalid("Idempotency-Key is not one quoted string");
    }
    return key.toString();
  }

  private static boolean isBare(int c) {
    return c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '-';
  }

  private static ProblemException invalid(String sentence) {
    return ProblemException.badRequest(ProblemCode.INVALID_IDEMPOTENCY_KEY, sentence);
  }
}
