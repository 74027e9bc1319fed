package dev.couponbook.edge.coupon;

import dev.couponbook.coupon.BookId;
import dev.couponbook.edge.coupon.AddCodesBody.GeneratedCodes;
import dev.couponbook.edge.coupon.AddCodesBody.NamedCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would be added, with the codes to make, without which there is nothing to show. */
public record PreviewBody(
    BookId bookId, GeneratedCodes generated, @Nullable List<NamedCode> manual) {}
