package dev.couponbook.edge.body;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/** JSON that is text already, such as an outcome's body or a partner's metadata. */
public record RawJson(@JsonValue @JsonRawValue String text) {}
