package dev.couponbook.ingest.upload;

/**
 * Keeps a spreadsheet from running a cell of our report: what begins like a formula gets an
 * apostrophe, which is taken away again when the report comes back corrected.
 */
final class FormulaCells {
  private FormulaCells() {}

  // Apostrophes of the cell's own count as its beginning, or taking one away would not be undoing.
  private static boolean isFormula(String cell) {
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
