package dev.couponbook.edge.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not done, as {@code application/problem+json} (RFC 9457).
 *
 * @param code the stable name of the reason, for machines
 * @param error the reason as a sentence: the member that clients of the first contract read
 * @param field the member, parameter or header that is wrong, if it is one
 */
@Schema(
    name = "Problem",
    description = "Why a call was not done (RFC 9457); some have more members, such as codes",
    additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
public record Problem(
    @Schema(
            description = "always about:blank: the status and the code say what it is",
            example = "about:blank")
        String type,
    @Schema(description = "the reason as a sentence", example = "Book not found") String title,
    @Schema(description = "the HTTP status", example = "400") int status,
    @Schema(description = "the stable name of the reason", example = "book_not_found") String code,
    @Schema(description = "the reason as a sentence", example = "Book not found") String error,
    @Schema(description = "the member, parameter or header that is wrong, if it is one")
        @Nullable String field) {

  public static Problem of(int status, String code, String sentence) {
    return new Problem("about:blank", sentence, status, code, sentence, null);
  }

  public Problem at(String field) {
    return new Problem(type, title, status, code, error, field);
  }
}
