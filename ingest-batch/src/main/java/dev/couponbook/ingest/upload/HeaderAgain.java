package dev.couponbook.ingest.upload;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells a row that is the header once more, as in a file that was joined from two. */
final class HeaderAgain {
  private final List<String> header;
  private final boolean isOneWord;

  /**
   * @param columns the names in the header; empty for a file without one
   */
  HeaderAgain(List<String> columns) {
    this.header = columns.stream().map(KnownColumns::normal).toList();
    this.isOneWord = header.size() == 1 && !header.getFirst().isEmpty();
  }

  boolean is(List<String> fields) {
    if (fields.size() != header.size()
        || !KnownColumns.mayBe(fields.getFirst(), header.getFirst())) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!KnownColumns.normal(fields.get(i)).equals(header.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The same for a row that is one plain field, one of millions. */
  boolean is(byte[] bytes, int from, int to) {
    if (!isOneWord || to - from < header.getFirst().length()) {
      return false;
    }
    var name = header.getFirst();
    int first = from;
    int last = to - 1;
    while (first < last && doesNotMatter(bytes[first])) {
      first++;
    }
    while (last > first && doesNotMatter(bytes[last])) {
      last--;
    }
    return lower(bytes[first]) == name.charAt(0)
        && lower(bytes[last]) == name.charAt(name.length() - 1)
        && is(List.of(new String(bytes, from, to - from, StandardCharsets.US_ASCII)));
  }

  private static boolean doesNotMatter(byte b) {
    return b == '_' || b == '-' || b == '\'';
  }

  private static char lower(byte b) {
    return (char) (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b & 0xff);
  }
}
