package dev.couponbook.file;

/**
 * Rows of a file that look like the same mistake.
 *
 * @param rows how many
 * @param example the code of one of them
 */
public record CountedWarning(FileWarning warning, long rows, String example) {}
