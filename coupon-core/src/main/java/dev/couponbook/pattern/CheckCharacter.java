package dev.couponbook.pattern;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import java.util.Arrays;

/**
 * A check character over an alphabet of any size but two: every single wrong character and every
 * swap of neighbours is found, the check character's own included.
 *
 * <p>The characters are numbers <i>x</i> of a group with as many elements as the alphabet, and a
 * text is right if <i>T(x₁) · T²(x₂) · T³(x₃) · … </i> is the neutral element, where <i>T</i> is a
 * permutation with <i>x · T(y) ≠ y · T(x)</i> for all <i>x ≠ y</i>. A wrong character changes one
 * factor, and so the product; a swap of neighbours changes it by what is said of <i>T</i> (H. P.
 * Gumm, 1985; with ten characters this is Verhoeff's scheme). Group and permutation for a size
 * <i>n</i>:
 *
 * <ul>
 *   <li>odd: addition modulo <i>n</i>, <i>T(x) = -x</i>;
 *   <li>twice an odd number: the symmetries of a polygon with <i>n/2</i> corners, of which <i>T</i>
 *       maps the turn by <i>i</i> to the turn by <i>1 - i</i> and keeps each reflection;
 *   <li>else <i>2<sup>a</sup>q</i> with odd <i>q</i>: pairs of a number of the field
 *       GF(2<sup>a</sup>), added, with <i>T(x) = 2x</i>, and one modulo <i>q</i> as above.
 * </ul>
 *
 * <p>For two characters there is no such scheme.
 */
final class CheckCharacter {
  // For GF(4) to GF(64): irreducible, so that neither 2 nor 2 + 1 is zero. ASCII has too few
  // printable characters for more.
  private static final int[] POLYNOMIALS = {0, 0, 0b111, 0b1011, 0b10011, 0b100101, 0b1000011};

  private final String alphabet;
  private final int[] numbers = new int[128];
  private final int size;
  // The a of 2^a, for the pairs; 0 for an odd size.
  private final int bits;
  // powers[k][x] is T applied k times to x.
  private final int[][] powers;

  /**
   * @param alphabet different characters of ASCII
   * @throws InvalidValueException if there are two of them or fewer
   */
  CheckCharacter(String alphabet) {
    if (alphabet.length() < 3) {
      throw new InvalidValueException(
          "pattern has a check character {C}, which takes an alphabet of three characters or more");
    }
    this.alphabet = alphabet;
    this.size = alphabet.length();
    this.bits = Integer.numberOfTrailingZeros(size);
    Arrays.fill(numbers, -1);
    for (int i = 0; i < size; i++) {
      numbers[alphabet.charAt(i)] = i;
    }
    this.powers = powers();
  }

  /** Whether the characters of the code at these places, in this order, satisfy the check. */
  boolean isRight(CharSequence code, int[] places) {
    int product = 0;
    for (int i = 0; i < places.length; i++) {
      int number = numbers[code.charAt(places[i])];
      if (number < 0) {
        return false;
      }
      product = times(product, powers[i + 1][number]);
    }
    return product == 0;
  }

  /**
   * Writes the character that makes the others right.
   *
   * @param places where the characters are, that of the check character among them
   * @param check which of the places is the check character's
   */
  void write(byte[] code, int offset, int[] places, int check) {
    int before = 0;
    for (int i = 0; i < check; i++) {
      before = times(before, powers[i + 1][numbers[code[offset + places[i]]]]);
    }
    int behind = 0;
    for (int i = check + 1; i < places.length; i++) {
      behind = times(behind, powers[i + 1][numbers[code[offset + places[i]]]]);
    }
    // before · c · behind = 1, so c = before⁻¹ · behind⁻¹
    int missing = times(inverse(before), inverse(behind));
    code[offset + places[check]] = (byte) alphabet.charAt(unpermuted(missing, check + 1));
  }

  private boolean isPolygon() {
    return bits == 1;
  }

  // The neutral element is 0 in all three groups. In the polygon's a number below n/2 is a
  // turn, one above a reflection after a turn; in the pairs the field's number has the low
  // bits.
  private int times(int x, int y) {
    if (isPolygon()) {
      int corners = size / 2;
      boolean reflected = x >= corners;
      int turn = Math.floorMod(x + (reflected ? -y : y), corners);
      return reflected == y >= corners ? turn : turn + corners;
    }
    int field = (1 << bits) - 1;
    int rest = ((x >> bits) + (y >> bits)) % (size >> bits);
    return rest << bits | (x ^ y) & field;
  }

  private int inverse(int x) {
    if (isPolygon()) {
      int corners = size / 2;
      return x >= corners ? x : (corners - x) % corners;
    }
    int field = (1 << bits) - 1;
    return negative(x >> bits) << bits | x & field;
  }

  private int negative(int x) {
    int odd = size >> bits;
    return (odd - x) % odd;
  }

  private int[][] powers() {
    var powers = new int[CouponCode.MAX_LENGTH + 1][size];
    for (int x = 0; x < size; x++) {
      powers[0][x] = x;
      for (int times = 1; times < powers.length; times++) {
        powers[times][x] = permuted(powers[times - 1][x]);
      }
    }
    return powers;
  }

  private int permuted(int x) {
    if (isPolygon()) {
      int corners = size / 2;
      return x >= corners ? x : Math.floorMod(1 - x, corners);
    }
    int field = (1 << bits) - 1;
    int doubled = (x & field) << 1;
    int reduced = doubled > field ? doubled ^ POLYNOMIALS[bits] : doubled;
    return negative(x >> bits) << bits | reduced;
  }

  private int unpermuted(int x, int times) {
    for (int number = 0; number < size; number++) {
      if (powers[times][number] == x) {
        return number;
      }
    }
    throw new AssertionError("a permutation reaches every number");
  }
}
