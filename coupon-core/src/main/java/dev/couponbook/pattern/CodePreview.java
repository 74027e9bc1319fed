package dev.couponbook.pattern;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a pattern would make, before anything is made.
 *
 * @param samples codes of the pattern; their key is thrown away, so codes made later equal them
 *     only by chance
 * @param keySpace how many codes the pattern has
 * @param bits the key space as a power of two
 * @param fillRatio the share of the key space that the amount takes, and so the probability that a
 *     guess hits one of its codes
 * @param guessesPerHit the inverse: how many guesses it takes to hit a code, on average
 * @param warnings what speaks against the pattern, in sentences; empty if nothing does
 */
public record CodePreview(
    List<String> samples,
    BigInteger keySpace,
    double bits,
    double fillRatio,
    BigInteger guessesPerHit,
    List<String> warnings) {
  private static final int SAMPLES = 5;

  /** Fewer guesses per hit than this are soon made, even if each is slowed down. */
  private static final BigInteger SAFE = BigInteger.TWO.pow(20);

  /** Previews this many codes of the pattern. */
  public static CodePreview of(CodePattern pattern, int amount) {
    var keySpace = pattern.keySpace();
    var asked = BigInteger.valueOf(amount);
    var guesses = keySpace.divide(asked.min(keySpace));
    return new CodePreview(
        samples(pattern, asked.min(keySpace).intValue()),
        keySpace,
        Math.round(log2(keySpace) * 10) / 10.0,
        new BigDecimal(asked)
            .divide(new BigDecimal(keySpace), MathContext.DECIMAL32)
            .min(BigDecimal.ONE)
            .doubleValue(),
        guesses,
        warnings(keySpace, asked, guesses));
  }

  // From all over the key space, as the codes will be.
  private static List<String> samples(CodePattern pattern, int amount) {
    var generator = new CodeGenerator(pattern, amount, GeneratorKey.mint());
    var random = new SplittableRandom();
    long candidates = Math.min(generator.size(), Math.max(amount, SAMPLES));
    var samples = new ArrayList<String>();
    random
        .longs(0, candidates)
        .distinct()
        .limit(Math.min(SAMPLES, candidates))
        .forEach(counter -> samples.add(generator.codeAt(counter).value()));
    Collections.shuffle(samples);
    return samples;
  }

  private static double log2(BigInteger number) {
    int shift = Math.max(0, number.bitLength() - 62);
    return shift + Math.log(number.shiftRight(shift).longValueExact()) / Math.log(2);
  }

  private static List<String> warnings(BigInteger keySpace, BigInteger asked, BigInteger guesses) {
    var warnings = new ArrayList<String>();
    if (asked.compareTo(keySpace) > 0) {
      warnings.add(
          "The pattern has %s codes only, and %s are asked for".formatted(keySpace, asked));
    }
    if (guesses.compareTo(SAFE) < 0) {
      warnings.add(
          "One guess in %s hits a code: use more places, or a larger alphabet, so that it is one in %s or more"
              .formatted(guesses, SAFE));
    }
    return List.copyOf(warnings);
  }
}
