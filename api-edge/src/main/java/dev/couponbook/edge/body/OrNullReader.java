package dev.couponbook.edge.body;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.type.TypeFactory;

/** Reads a member as its own type, and tells null from absent; see {@link OrNull}. */
final class OrNullReader extends ValueDeserializer<OrNull<?>> {
  private final JavaType type;

  OrNullReader() {
    this(TypeFactory.unknownType());
  }

  private OrNullReader(JavaType type) {
    this.type = type;
  }

  @Override
  public ValueDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    return new OrNullReader(context.getContextualType().containedTypeOrUnknown(0));
  }

  @Override
  public OrNull<?> deserialize(JsonParser parser, DeserializationContext context) {
    return new OrNull<>(context.readValue(parser, type));
  }

  @Override
  public Object getNullValue(DeserializationContext context) {
    return new OrNull<>(null);
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }
}
