package dev.couponbook.edge.coupon;

import dev.couponbook.pattern.CodePreview;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pattern would make. */
@Schema(name = "PatternPreview")
public record PatternPreview(
    @Schema(description = "five codes of the pattern; none of them is kept") List<String> samples,
    @Schema(description = "how many codes the pattern has") BigInteger keySpace,
    @Schema(description = "the key space as a power of two") double bits,
    @Schema(description = "share of the key space that the amount takes") double fillRatio,
    @Schema(description = "guesses that hit one of the codes, on average") BigInteger guessesPerHit,
    @Schema(description = "what speaks against the pattern; absent if nothing does")
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
