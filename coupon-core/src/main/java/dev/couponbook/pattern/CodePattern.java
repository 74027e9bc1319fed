package dev.couponbook.pattern;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The form of a code: a row of places, each with the characters that may stand there. In the text
 * of a pattern
 *
 * <ul>
 *   <li>{@code #} is any character of the alphabet,
 *   <li>{@code {9}} a digit, {@code {A}} a capital letter, {@code {*}} either, all of them, with
 *       look-alikes,
 *   <li>{@code {9:4}} four such places in a row, {@code {#:8}} eight of the alphabet,
 *   <li>{@code {C}}, once at most, the {@linkplain CheckCharacter check character} of all places to
 *       fill, its own included; it is drawn from all characters that may stand in one of them,
 *   <li>{@code \} escapes the character after it,
 *   <li>everything else stands for itself.
 * </ul>
 *
 * <p>The characters of a place are in ascending order, so the codes of a pattern, counted place by
 * place, come in the order in which the database keeps them.
 */
public final class CodePattern {
  /** Digits and capital letters without those that are mistaken for others: 0 O 1 I L U. */
  public static final String DEFAULT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** 12 places of 30 characters: 59 bits, too many to guess. */
  public static final int DEFAULT_LENGTH = 12;

  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final List<String> places;
  private final BigInteger keySpace;
  private final @Nullable Checked checked;

  /**
   * A pattern's check character.
   *
   * @param places the places to fill
   * @param own which of them is the check character's
   */
  record Checked(CheckCharacter character, int[] places, int own) {}

  private CodePattern(List<String> places) {
    this(places, -1);
  }

  /**
   * @param check the place of the check character, which has no characters yet; -1: none
   */
  private CodePattern(List<String> withoutCheck, int check) {
    var places = check < 0 ? withoutCheck : withCheckPlace(withoutCheck, check);
    if (places.size() > CouponCode.MAX_LENGTH) {
      throw new InvalidValueException(
          "pattern makes codes of %d characters, and a code has %d at most"
              .formatted(places.size(), CouponCode.MAX_LENGTH));
    }
    this.places = List.copyOf(places);
    this.keySpace =
        withoutCheck.stream()
            .filter(place -> !place.isEmpty())
            .map(place -> BigInteger.valueOf(place.length()))
            .reduce(BigInteger.ONE, BigInteger::multiply);
    if (keySpace.equals(BigInteger.ONE)) {
      throw new InvalidValueException(
          "pattern has no place to fill: write # for a character of the alphabet, {9} for a digit");
    }
    this.checked = check < 0 ? null : checked(this.places, check);
  }

  private static List<String> withCheckPlace(List<String> places, int check) {
    var characters = new TreeSet<Integer>();
    places.stream()
        .filter(place -> place.length() > 1)
        .forEach(place -> place.chars().forEach(characters::add));
    var completed = new ArrayList<>(places);
    completed.set(
        check, characters.stream().map(Character::toString).collect(Collectors.joining()));
    return completed;
  }

  private static Checked checked(List<String> places, int check) {
    var filled =
        IntStream.range(0, places.size()).filter(i -> places.get(i).length() > 1).toArray();
    return new Checked(
        new CheckCharacter(places.get(check)), filled, Arrays.binarySearch(filled, check));
  }

  /**
   * The pattern of a request: {@code pattern} if it is given, otherwise {@code prefix} followed by
   * {@code codeLength} characters of the alphabet.
   *
   * @param codeLength without the prefix; null: {@link #DEFAULT_LENGTH}
   * @param alphabet the characters themselves, or one of the names {@code digits}, {@code letters},
   *     {@code alphanumeric}; null: {@link #DEFAULT_ALPHABET}
   * @throws InvalidValueException with a sentence that says which member is wrong and why
   */
  public static CodePattern of(
      @Nullable String pattern,
      @Nullable String prefix,
      @Nullable Integer codeLength,
      @Nullable String alphabet) {
    var characters = alphabet(alphabet);
    if (pattern == null) {
      return ofPrefix(prefix == null ? "" : prefix, codeLength, characters);
    }
    if (prefix != null || codeLength != null) {
      throw new InvalidValueException(
          "pattern stands for prefix and codeLength: give one or the other");
    }
    var reader = new PatternReader(pattern, characters);
    return new CodePattern(reader.read(), reader.check);
  }

  /** Reads the text of a pattern, with the default alphabet for {@code #}. */
  public static CodePattern parse(String pattern) {
    return of(pattern, null, null, null);
  }

  private static CodePattern ofPrefix(
      String prefix, @Nullable Integer codeLength, String characters) {
    int length = codeLength == null ? DEFAULT_LENGTH : codeLength;
    if (length < 1 || prefix.length() + length > CouponCode.MAX_LENGTH) {
      throw new InvalidValueException(
          "codeLength must be 1 or more, and with the prefix %d at most"
              .formatted(CouponCode.MAX_LENGTH));
    }
    var places = new ArrayList<String>();
    for (int i = 0; i < prefix.length(); i++) {
      places.add(literal(prefix.charAt(i), "prefix"));
    }
    for (int i = 0; i < length; i++) {
      places.add(characters);
    }
    return new CodePattern(places);
  }

  // Each of these names repeats a character, so none of them could be meant as an alphabet.
  private static String alphabet(@Nullable String given) {
    return switch (given) {
      case null -> DEFAULT_ALPHABET;
      case "digits" -> DIGITS;
      case "letters" -> LETTERS;
      case "alphanumeric" -> DIGITS + LETTERS;
      default -> sorted(given);
    };
  }

  private static String sorted(String characters) {
    for (int i = 0; i < characters.length(); i++) {
      literal(characters.charAt(i), "alphabet");
      if (characters.indexOf(characters.charAt(i)) != i) {
        throw new InvalidValueException("alphabet has a character twice");
      }
    }
    if (characters.length() < 2) {
      throw new InvalidValueException("alphabet must have two characters or more");
    }
    return characters
        .chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String literal(char c, String where) {
    var text = String.valueOf(c);
    if (!CouponCode.isValid(text)) {
      throw new InvalidValueException(
          where + " may have printable ASCII characters only, and no spaces");
    }
    return text;
  }

  /** How many codes the pattern has, exactly. */
  public BigInteger keySpace() {
    return keySpace;
  }

  /** How many characters each of its codes has. */
  public int length() {
    return places.size();
  }

  /** The characters of each place, in ascending order. */
  List<String> places() {
    return places;
  }

  /** The check character; null if the pattern has none. */
  @Nullable Checked checked() {
    return checked;
  }

  /** Whether the code is one of the pattern's, with the right check character if it has one. */
  public boolean matches(CharSequence code) {
    if (code.length() != places.size()) {
      return false;
    }
    for (int i = 0; i < code.length(); i++) {
      if (places.get(i).indexOf(code.charAt(i)) < 0) {
        return false;
      }
    }
    return checked == null || checked.character().isRight(code, checked.places());
  }

  /**
   * A regular expression of PostgreSQL that matches the codes of the pattern and, except for those
   * with a wrong check character, no others.
   */
  public String regex() {
    var regex = new StringBuilder("^");
    for (var place : places) {
      regex.append('[');
      place.chars().forEach(c -> regex.append("\\u%04x".formatted(c)));
      regex.append(']');
    }
    return regex.append('$').toString();
  }

  /** Whether its codes have a check character, which the regular expression does not look at. */
  public boolean hasCheckCharacter() {
    return checked != null;
  }

  /** What all codes of the pattern begin with; empty if the first place is one to fill. */
  public String literalPrefix() {
    var prefix = new StringBuilder();
    for (var place : places) {
      if (place.length() > 1) {
        break;
      }
      prefix.append(place);
    }
    return prefix.toString();
  }

  /** Reads the text of a pattern from left to right. */
  private static final class PatternReader {
    private final String text;
    private final String alphabet;
    private final List<String> places = new ArrayList<>();
    private int check = -1;
    private int at;

    PatternReader(String text, String alphabet) {
      this.text = text;
      this.alphabet = alphabet;
    }

    List<String> read() {
      while (at < text.length()) {
        readPlace(text.charAt(at++));
      }
      return places;
    }

    private void readPlace(char c) {
      switch (c) {
        case '#' -> places.add(alphabet);
        case '{' -> readGroup();
        case '}' -> throw new InvalidValueException("pattern has a } without a {: write \\} for }");
        case '\\' -> places.add(literal(escaped(), "pattern"));
        default -> places.add(literal(c, "pattern"));
      }
    }

    private char escaped() {
      if (at == text.length()) {
        throw new InvalidValueException(
            "pattern ends with \\ and nothing behind it: write \\\\ for \\");
      }
      return text.charAt(at++);
    }

    private void readGroup() {
      int end = text.indexOf('}', at);
      if (end < 0) {
        throw new InvalidValueException("pattern has a { without a }: write \\{ for {");
      }
      var group = text.substring(at, end);
      at = end + 1;
      if (group.equals("C")) {
        readCheck();
        return;
      }
      int colon = group.indexOf(':');
      var characters = characters(colon < 0 ? group : group.substring(0, colon));
      int times = colon < 0 ? 1 : times(group.substring(colon + 1));
      for (int i = 0; i < times; i++) {
        places.add(characters);
      }
    }

    private void readCheck() {
      if (check >= 0) {
        throw new InvalidValueException("pattern may have one check character {C} only");
      }
      check = places.size();
      // Its characters are known once all others are.
      places.add("");
    }

    private String characters(String kind) {
      return switch (kind) {
        case "9" -> DIGITS;
        case "A" -> LETTERS;
        case "*" -> DIGITS + LETTERS;
        case "#" -> alphabet;
        default ->
            throw new InvalidValueException(
                "pattern may have {9}, {A}, {*} or {#}, with a repeat as in {9:4}, one {C}, and no"
                    + " other {…}");
      };
    }

    private static int times(String digits) {
      if (digits.matches("[1-9][0-9]?")) {
        int times = Integer.parseInt(digits);
        if (times <= CouponCode.MAX_LENGTH) {
          return times;
        }
      }
      throw new InvalidValueException(
          "a repeat in pattern must be a number from 1 to " + CouponCode.MAX_LENGTH);
    }
  }
}
