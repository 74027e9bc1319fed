package dev.couponbook.file;

/**
 * Rows of a file that look like the same mistake.
 *
 * @param rows how many
 * @param example the code of one of them
 */
public record CountedWarning(FileWarning warning, long rows, String example) {
  /**
   * A warning as partners and operators read it, in answers and in the summary.
   *
   * @param warning its stable name, for machines
   * @param message what it may be and what to do, for people
   */
  public record Told(String warning, long rows, String example, String message) {}

  public Told told() {
    return new Told(warning.code(), rows, example, warning.message());
  }
}
