package dev.couponbook.pattern;

import dev.couponbook.coupon.CouponCode;
import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.pattern.CodePattern.Checked;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The codes of a pattern in an order that a key chooses: counter in, code out, each code once.
 *
 * <p>For an amount <i>n</i> the key space is cut into <i>n</i> cells of equal size, give or take
 * one. Counter <i>i</i> below <i>n</i> is one code of cell <i>i</i>, chosen by the key, so the
 * first <i>n</i> codes come in ascending order (but for a check character in front of other places)
 * and no two are equal: nothing has to be sorted, and nothing remembered. Counters from <i>n</i> on
 * go round the cells again and stand in for codes that turned out to be taken; before {@link
 * #size()} is reached every code of the key space has come, so an amount is reached if it can be
 * reached at all.
 *
 * <p>The same pattern, amount and key give the same codes in every program and at every time: a
 * restart goes on at its counter, and two ranges of counters have no code in common. Without the
 * key a guess succeeds with probability amount ÷ key space, whatever other codes of the load are
 * known. To use it, take codes from {@link #candidates()} until enough of them were new.
 *
 * <p>Not safe for use by several threads.
 */
public final class CodeGenerator {
  // Counters and cells are longs; a wider key space has further groups of places, drawn apart.
  private static final BigInteger MAX_GROUP = BigInteger.TWO.pow(62);
  // AES has a fixed cost per call: a few hundred blocks per call make it negligible, and 8 KiB
  // stay in the nearest cache.
  private static final int BLOCKS = 512;
  private static final int BLOCK_BYTES = 16;

  private static final int POSITION = 0;
  private static final int STRIDE = 1;
  private static final int FURTHER_GROUPS = 2;

  private final byte[] template;
  private final List<Group> groups;
  private final @Nullable Checked checked;
  private final long size;
  private final long amount;
  private final long cellSize;
  private final long widerCells;
  private final Cipher aes;

  private final ByteBuffer positions = ByteBuffer.allocate(BLOCKS * BLOCK_BYTES);
  private final ByteBuffer drawn = ByteBuffer.allocate(BLOCK_BYTES);
  private long firstPosition = -1;

  /**
   * @param amount how many codes are wanted, all of them new
   * @throws InvalidValueException if the pattern has fewer codes
   */
  public CodeGenerator(CodePattern pattern, int amount, GeneratorKey key) {
    if (amount < 1 || BigInteger.valueOf(amount).compareTo(pattern.keySpace()) > 0) {
      throw new InvalidValueException(
          "amount must be from 1 to the %s codes of the pattern".formatted(pattern.keySpace()));
    }
    this.template = String.join("", firsts(pattern)).getBytes(StandardCharsets.US_ASCII);
    this.groups = groups(pattern);
    this.checked = pattern.checked();
    this.size = groups.getFirst().size();
    this.amount = amount;
    this.cellSize = size / amount;
    // This many cells, the first ones, have one code more.
    this.widerCells = size % amount;
    this.aes = aes(key);
  }

  private static List<String> firsts(CodePattern pattern) {
    return pattern.places().stream().map(place -> place.substring(0, 1)).toList();
  }

  // The first group has the leading places, so its order is that of the codes.
  private static List<Group> groups(CodePattern pattern) {
    var groups = new ArrayList<Group>();
    var places = new ArrayList<Place>();
    var groupSize = BigInteger.ONE;
    var checked = pattern.checked();
    int check = checked == null ? -1 : checked.places()[checked.own()];
    for (int i = 0; i < pattern.length(); i++) {
      var choices = pattern.places().get(i);
      if (choices.length() == 1 || i == check) {
        continue;
      }
      var wider = groupSize.multiply(BigInteger.valueOf(choices.length()));
      if (wider.compareTo(MAX_GROUP) > 0) {
        groups.add(new Group(List.copyOf(places), groupSize.longValueExact()));
        places.clear();
        wider = BigInteger.valueOf(choices.length());
      }
      groupSize = wider;
      places.add(new Place(i, choices.getBytes(StandardCharsets.US_ASCII)));
    }
    groups.add(new Group(List.copyOf(places), groupSize.longValueExact()));
    return List.copyOf(groups);
  }

  private static Cipher aes(GeneratorKey key) {
    try {
      // One block is a keyed pseudo-random function of its input, and no input comes twice.
      var cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.bytes(), "AES"));
      return cipher;
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has AES", impossible);
    }
  }

  /**
   * How many counters there are, from 0: as many as the key space has codes, or 2^55 and more if it
   * is too large to be used up.
   */
  public long size() {
    return size;
  }

  /** How many bytes each code has. */
  public int codeLength() {
    return template.length;
  }

  /** The code of a counter from 0 to {@link #size()} - 1. */
  public CouponCode codeAt(long counter) {
    var code = new byte[template.length];
    write(counter, code, 0);
    return new CouponCode(new String(code, StandardCharsets.ISO_8859_1));
  }

  /** Writes the code of a counter as ASCII, for callers that make millions. */
  public void write(long counter, byte[] target, int offset) {
    if (counter < 0 || counter >= size) {
      throw new IndexOutOfBoundsException("counter " + counter + " of " + size);
    }
    long cell = counter % amount;
    long round = counter / amount;
    System.arraycopy(template, 0, target, offset, template.length);
    groups.getFirst().write(cellStart(cell) + positionIn(cell, round), target, offset);
    for (int i = 1; i < groups.size(); i++) {
      var group = groups.get(i);
      group.write(draw(FURTHER_GROUPS + i, round, cell, group.size()), target, offset);
    }
    if (checked != null) {
      checked.character().write(target, offset, checked.places(), checked.own());
    }
  }

  /** All codes in the order of their counters, made on demand. */
  public Iterator<CouponCode> candidates() {
    return new Iterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public CouponCode next() {
        if (next >= size) {
          throw new NoSuchElementException("all " + size + " codes of the pattern were made");
        }
        return codeAt(next++);
      }
    };
  }

  private long cellStart(long cell) {
    return cell * cellSize + Math.min(cell, widerCells);
  }

  // Each round moves on in the cell, from a keyed start by a keyed stride that has no divisor
  // in common with the cell's size, and so reaches each of its codes once.
  private long positionIn(long cell, long round) {
    long codes = cell < widerCells ? cellSize + 1 : cellSize;
    long start = position(cell, codes);
    if (round == 0) {
      return start;
    }
    var stride = BigInteger.valueOf(stride(cell, codes));
    return stride
        .multiply(BigInteger.valueOf(round))
        .add(BigInteger.valueOf(start))
        .mod(BigInteger.valueOf(codes))
        .longValueExact();
  }

  private long stride(long cell, long codes) {
    long stride = 1 + draw(STRIDE, 0, cell, codes - 1);
    while (gcd(stride, codes) != 1) {
      stride = stride % (codes - 1) + 1;
    }
    return stride;
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  // The first round asks for one cell after another, so their blocks are made a few hundred at
  // a time.
  private long position(long cell, long codes) {
    if (firstPosition < 0 || cell < firstPosition || cell >= firstPosition + BLOCKS) {
      firstPosition = cell;
      for (int i = 0; i < BLOCKS; i++) {
        put(positions, i, POSITION, 0, cell + i);
      }
      encrypt(positions);
    }
    return scaled(positions, (int) (cell - firstPosition), codes);
  }

  private long draw(int purpose, long round, long cell, long bound) {
    put(drawn, 0, purpose, round, cell);
    encrypt(drawn);
    return scaled(drawn, 0, bound);
  }

  // A cell is an int, so a purpose above it makes each input unique.
  private static void put(ByteBuffer blocks, int index, int purpose, long round, long cell) {
    blocks.putLong(index * BLOCK_BYTES, round);
    blocks.putLong(index * BLOCK_BYTES + Long.BYTES, (long) purpose << 56 | cell);
  }

  private void encrypt(ByteBuffer blocks) {
    try {
      aes.update(blocks.array(), 0, blocks.capacity(), blocks.array(), 0);
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("the buffer has room for each block", impossible);
    }
  }

  // floor(block × bound ÷ 2^128): no value below the bound is likelier than another by more than
  // one in 2^66.
  private static long scaled(ByteBuffer blocks, int index, long bound) {
    long high = blocks.getLong(index * BLOCK_BYTES);
    long low = blocks.getLong(index * BLOCK_BYTES + Long.BYTES);
    long middle = high * bound;
    long sum = middle + Math.unsignedMultiplyHigh(low, bound);
    long carry = Long.compareUnsigned(sum, middle) < 0 ? 1 : 0;
    return Math.unsignedMultiplyHigh(high, bound) + carry;
  }

  /** A place to fill: where it is, and what may stand there. */
  private record Place(int index, byte[] choices) {}

  /** Places that are one number together, the first of them its highest digit. */
  private record Group(List<Place> places, long size) {
    void write(long number, byte[] target, int offset) {
      long rest = number;
      for (int i = places.size() - 1; i >= 0; i--) {
        var place = places.get(i);
        int choices = place.choices().length;
        long next = rest / choices;
        target[offset + place.index()] = place.choices()[(int) (rest - next * choices)];
        rest = next;
      }
    }
  }
}
