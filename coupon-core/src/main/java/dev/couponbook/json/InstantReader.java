package dev.couponbook.json;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.Times;
import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;

/** Reads a time by the one rule for times; see {@link Times}. */
final class InstantReader extends ValueDeserializer<Instant> {
  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw MismatchedInputException.from(parser, Instant.class, "not a string");
    }
    var name = parser.currentName();
    try {
      return Times.parse(name == null ? "time" : name, parser.getString());
    } catch (InvalidValueException e) {
      throw DatabindException.from(parser, "time", e);
    }
  }
}
