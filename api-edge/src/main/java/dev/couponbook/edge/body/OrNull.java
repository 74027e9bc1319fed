package dev.couponbook.edge.body;

import org.jspecify.annotations.Nullable;

/**
 * A member of a body that may be written as null, which is not the same as leaving it out: a record
 * component of this type is itself null if the member is absent.
 *
 * @param value null: the member is there, and null
 */
public record OrNull<T>(@Nullable T value) {}
