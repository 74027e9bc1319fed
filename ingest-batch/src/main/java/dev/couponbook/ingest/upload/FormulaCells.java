package dev.couponbook.ingest.upload;

/**
 * Keeps a spreadsheet from running a cell of our report. A cell that begins like a formula gets an
 * apostrophe, which is removed again when the corrected report is uploaded.
 */
final class FormulaCells {
  private FormulaCells() {}

  // Apostrophes at the beginning are looked past; otherwise removing one would not undo adding
  // one.
  static boolean isFormula(String cell) {
    int i = 0;
    while (i < cell.length() && cell.charAt(i) == '\'') {
      i++;
    }
    return i < cell.length() && "=+-@\t\r".indexOf(cell.charAt(i)) >= 0;
  }

  static String guard(String cell) {
    return isFormula(cell) ? "'" + cell : cell;
  }

  static String unguard(String cell) {
    return cell.startsWith("'") && isFormula(cell) ? cell.substring(1) : cell;
  }
}
