package dev.couponbook.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A table of attacks, with what each should lead to and what it did lead to. It is printed when the
 * tests of a class are over, whether or not they passed. Use it as a static field of the class,
 * with {@code @RegisterExtension}.
 */
public final class AttackTable implements AfterAllCallback {
  // Longer texts are one character repeated a thousand times.
  private static final int LONGEST = 90;

  private final String name;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String attack, String expected, String got) {}

  /**
   * @param name what is attacked
   */
  public AttackTable(String name) {
    this.name = name;
  }

  /** Adds a row. Call it before anything is asserted, so that unexpected results are shown, too. */
  public synchronized void row(Object attack, Object expected, Object got) {
    rows.add(new Row(shown(attack), shown(expected), shown(got)));
  }

  private static String shown(Object value) {
    var text = value.toString().replaceAll("\\p{Cntrl}", "·");
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) {
    if (!rows.isEmpty()) {
      System.out.print(this);
    }
  }

  /** The table, as it is printed. */
  @Override
  public synchronized String toString() {
    var line =
        "%-"
            + width("case", Row::attack)
            + "s | %-"
            + width("expected", Row::expected)
            + "s | %s%n";
    var table = new StringBuilder("attacks on %s: %d cases%n".formatted(name, rows.size()));
    table.append(line.formatted("case", "expected", "got"));
    rows.forEach(row -> table.append(line.formatted(row.attack, row.expected, row.got)));
    return table.toString();
  }

  private int width(String head, Function<Row, String> cell) {
    return rows.stream().map(cell).mapToInt(String::length).reduce(head.length(), Math::max);
  }
}
