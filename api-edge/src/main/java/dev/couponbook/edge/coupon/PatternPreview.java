package dev.couponbook.edge.coupon;

import dev.couponbook.pattern.CodePreview;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pattern would make. */
public record PatternPreview(
    List<String> samples,
    BigInteger keySpace,
    double bits,
    double fillRatio,
    BigInteger guessesPerHit,
    @Nullable List<String> warnings) {

  static PatternPreview of(CodePreview preview) {
    return new PatternPreview(
        preview.samples(),
        preview.keySpace(),
        preview.bits(),
        preview.fillRatio(),
        preview.guessesPerHit(),
        preview.warnings().isEmpty() ? null : preview.warnings());
  }
}
