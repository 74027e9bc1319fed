package dev.couponbook.edge.route;

import io.micronaut.http.MediaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sender of a request takes as an answer: the ranges of its Accept headers (RFC 9110,
 * 12.5.1). Without one, everything; what is no range says nothing.
 */
record Accepted(List<Range> ranges) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  // A quoted value may have commas and semicolons of its own.
  private static final Pattern ELEMENT = Pattern.compile("(?:[^\",]|\"(?:[^\"\\\\]|\\\\.)*+\"?)+");
  private static final Pattern RANGE =
      Pattern.compile("(" + TOKEN + ")/(" + TOKEN + ")\\s*(;.*)?", Pattern.DOTALL);
  private static final Pattern WEIGHT =
      Pattern.compile(";\\s*q\\s*=\\s*([0-9.]+)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);
  private static final String ANY = "*";

  /**
   * A range of media types.
   *
   * @param wanted whether its weight is above 0, which means "not acceptable"
   */
  record Range(String type, String subtype, boolean wanted) {
    boolean covers(MediaType media) {
      return (type.equals(ANY) && subtype.equals(ANY))
          || (type.equalsIgnoreCase(media.getType())
              && (subtype.equals(ANY) || subtype.equalsIgnoreCase(media.getSubtype())));
    }

    /** How closely it says what it means: "the most specific reference has precedence". */
    int precision() {
      return type.equals(ANY) ? 0 : subtype.equals(ANY) ? 1 : 2;
    }
  }

  static Accepted of(List<String> headers) {
    var ranges = new ArrayList<Range>();
    for (var header : headers) {
      var elements = ELEMENT.matcher(header);
      while (elements.find()) {
        var range = RANGE.matcher(elements.group().strip());
        if (range.matches()) {
          ranges.add(range(range));
        } else if (!elements.group().isBlank()) {
          ranges.add(new Range("", "", false)); // of no type: it allows nothing
        }
      }
    }
    return new Accepted(List.copyOf(ranges));
  }

  private static Range range(Matcher range) {
    return new Range(
        range.group(1).toLowerCase(Locale.ROOT),
        range.group(2).toLowerCase(Locale.ROOT),
        range.group(3) == null || isAboveZero(range.group(3)));
  }

  private static boolean isAboveZero(String parameters) {
    var weight = WEIGHT.matcher(parameters);
    return !weight.find() || weight.group(1).chars().anyMatch(c -> c >= '1' && c <= '9');
  }

  /** Whether an answer of this type can be sent. */
  boolean allows(MediaType media) {
    return ranges.isEmpty()
        || ranges.stream()
            .filter(range -> range.covers(media))
            // Of two that are as close, the one that wants it.
            .max(Comparator.comparingInt(Range::precision).thenComparing(Range::wanted))
            .map(Range::wanted)
            .orElse(false);
  }
}
