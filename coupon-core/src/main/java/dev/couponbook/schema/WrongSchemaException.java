package dev.couponbook.schema;

/** The schema is too old for this program, or too new; the message is a sentence for people. */
public final class WrongSchemaException extends RuntimeException {
  /** The exit status of a program that met such a schema. */
  public static final int EXIT_STATUS = 1;

  WrongSchemaException(String sentence) {
    super(sentence);
  }
}
