package dev.couponbook.file;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.couponbook.coupon.InvalidValueException;

/** Which column of a file its partner means: by name, by number from 1, or none. */
public sealed interface ColumnChoice {
  /** The longest name that can be said. */
  int MAX_NAME = 100;

  /** The column of this name in the header. */
  record Named(String name) implements ColumnChoice {
    public Named {
      if (name.isBlank() || name.codePointCount(0, name.length()) > MAX_NAME) {
        throw new InvalidValueException(
            "a column's name must have 1 to " + MAX_NAME + " characters");
      }
    }

    @Override
    public Object json() {
      return name;
    }
  }

  /** The column at this place, from 1. */
  record Numbered(int number) implements ColumnChoice {
    private static final int MAX = 1_000;

    public Numbered {
      if (number < 1 || number > MAX) {
        throw new InvalidValueException("a column's number must be between 1 and " + MAX);
      }
    }

    @Override
    public Object json() {
      return number;
    }
  }

  /** The file has no such column. */
  enum None implements ColumnChoice {
    NONE;

    @Override
    public Object json() {
      return 0;
    }
  }

  /** A text for a name, a number for a place, 0 for none. */
  @JsonValue
  Object json();

  /** Reads what {@link #json()} wrote. */
  @JsonCreator
  static ColumnChoice of(Object json) {
    return switch (json) {
      case String name -> new Named(name);
      case Integer number when number == 0 -> None.NONE;
      case Integer number -> new Numbered(number);
      default -> throw new InvalidValueException("a column must be a name or a number");
    };
  }
}
