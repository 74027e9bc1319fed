package dev.couponbook.edge.coupon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of books, oldest first. */
public record BookList(List<BookView> books, @Nullable String next) {}
