package dev.couponbook.edge.coupon;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of books, oldest first. */
@Schema(name = "Books")
public record BookList(
    List<BookView> books,
    @Schema(description = "cursor of the next page, if there is one") @Nullable String next) {}
