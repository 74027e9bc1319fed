package dev.couponbook.ingest.upload;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The names that the two columns have in the exports of shops and spreadsheets. Case, spaces,
 * quotes, {@code _}, {@code -} and a byte order mark do not matter.
 */
final class KnownColumns {
  /** What a refusal says of them. */
  static final String SAMPLE = "code, coupon, coupon code, voucher code, promo code, discount code";

  private static final Set<String> CODES =
      Set.of("code", "couponcode", "vouchercode", "promocode", "discountcode");
  // Beside a column of the codes, such a one has something else.
  private static final Set<String> CODES_IF_ALONE = Set.of("coupon", "voucher");
  private static final Set<String> ENDS =
      Set.of(
          "expiration",
          "expirationdate",
          "expires",
          "expiresat",
          "expireson",
          "expiry",
          "expirydate",
          "validuntil",
          "validto",
          "enddate");

  private KnownColumns() {}

  /** The name without what does not matter. */
  static String normal(String name) {
    var normal = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (matters(c)) {
        normal.append(c);
      }
    }
    return normal.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean matters(char c) {
    return c != '_'
        && c != '-'
        && c != '"'
        && c != '\''
        && c != '\uFEFF'
        && !Character.isWhitespace(c)
        && !Character.isSpaceChar(c);
  }

  /** Whether the text can have this normal form; a quick look, for millions that have not. */
  static boolean mayBe(String text, String normal) {
    if (normal.isEmpty()) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if (matters(text.charAt(i))) {
        return Character.toLowerCase(text.charAt(i)) == Character.toLowerCase(normal.charAt(0));
      }
    }
    return false;
  }

  static boolean isCode(String name) {
    var normal = normal(name);
    return CODES.contains(normal) || CODES_IF_ALONE.contains(normal);
  }

  static boolean isEnd(String name) {
    return ENDS.contains(normal(name));
  }

  /** The columns that may have the code, from 0; more than one cannot be told apart. */
  static List<Integer> codes(List<String> columns) {
    var sure = indexes(columns, CODES);
    return sure.isEmpty() ? indexes(columns, CODES_IF_ALONE) : sure;
  }

  /** The columns that may have the end, from 0. */
  static List<Integer> ends(List<String> columns) {
    return indexes(columns, ENDS);
  }

  private static List<Integer> indexes(List<String> columns, Set<String> names) {
    return IntStream.range(0, columns.size())
        .filter(i -> names.contains(normal(columns.get(i))))
        .boxed()
        .toList();
  }
}
