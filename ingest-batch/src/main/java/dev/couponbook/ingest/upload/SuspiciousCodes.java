package dev.couponbook.ingest.upload;

import dev.couponbook.file.FileWarning;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Codes that are valid and look like a mistake of the program that wrote the file. */
final class SuspiciousCodes {
  private static final Pattern SHORTENED = Pattern.compile("\\d([.,]\\d+)?[eE]\\+\\d+");
  private static final Pattern ERROR =
      Pattern.compile("#(N/A|REF!|VALUE!|NAME\\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)");
  private static final Set<String> EMPTY_WORDS =
      Set.of("null", "(null)", "\\n", "none", "nil", "nan", "n/a", "undefined");
  private static final int LONGEST_WORD = "undefined".length();
  // Without one of these characters, only a short word can be suspicious.
  private static final String SIGNS = "#=<';+(\\/";

  private SuspiciousCodes() {}

  /** Whether a code with this character is worth a closer look. */
  static boolean isSign(byte b) {
    return SIGNS.indexOf(b) >= 0;
  }

  /** Whether a code without such a character is. */
  static boolean mayBeWord(byte first, int length) {
    return length <= LONGEST_WORD && (first == 'n' || first == 'N' || first == 'u' || first == 'U');
  }

  /** What the code looks like; null if like a code. */
  static @Nullable FileWarning look(String code) {
    if (code.startsWith("=")) {
      return FileWarning.FORMULA;
    }
    if (ERROR.matcher(code).matches()) {
      return FileWarning.SPREADSHEET_ERROR;
    }
    if (code.startsWith("<") && code.endsWith(">")) {
      return FileWarning.MARKUP;
    }
    if (code.startsWith("'") && FormulaCells.isFormula(code)) {
      return FileWarning.APOSTROPHE;
    }
    if (code.length() <= LONGEST_WORD && isEmptyWord(code)) {
      return FileWarning.EMPTY_WORD;
    }
    if (SHORTENED.matcher(code).matches()) {
      return FileWarning.SPREADSHEET_NUMBER;
    }
    return code.indexOf(';') >= 0 ? FileWarning.SEMICOLON : null;
  }

  private static boolean isEmptyWord(String code) {
    return EMPTY_WORDS.contains(code.toLowerCase(Locale.ROOT));
  }
}
