package dev.couponbook.cli.load;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the caller knows of the file; as {@code layout} of the API has it. */
final class LayoutOptions {
  private static final String NONE = "none";

  @Option(
      names = "--header",
      negatable = true,
      description = "The first line names the columns; with --no-header it is a row.")
  @Nullable Boolean header;

  @Option(names = "--delimiter", paramLabel = "C", description = "What stands between fields.")
  @Nullable String delimiter;

  @Option(
      names = "--code-column",
      paramLabel = "COLUMN",
      description = "The column of the code: its name, or its number from 1.")
  @Nullable String codeColumn;

  @Option(
      names = "--expiration-column",
      paramLabel = "COLUMN",
      description = "The column of the expiration: its name, its number from 1, or none.")
  @Nullable String expirationColumn;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "The zone of days and local times in the file: Europe/Berlin.")
  @Nullable String timeZone;

  @Option(
      names = "--date-format",
      paramLabel = "PATTERN",
      description = "The form of the expirations in the file: dd.MM.yyyy.")
  @Nullable String dateFormat;

  @Option(names = "--trim", description = "Spaces and tabs around cells do not count.")
  boolean trim;

  /** The member of the request; empty if nothing is known. */
  Map<String, @Nullable Object> json() {
    var layout = new LinkedHashMap<String, @Nullable Object>();
    layout.put("header", header);
    layout.put("delimiter", "\\t".equals(delimiter) ? "\t" : delimiter);
    layout.put("codeColumn", codeColumn == null ? null : column(codeColumn));
    layout.put("expirationColumn", expirationColumn == null ? null : column(expirationColumn));
    layout.put("timeZone", timeZone);
    layout.put("dateFormat", dateFormat);
    layout.put("trim", trim ? true : null);
    layout.values().removeIf(value -> value == null);
    if (NONE.equals(expirationColumn)) {
      layout.put("expirationColumn", null);
    }
    return layout;
  }

  private static Object column(String text) {
    return text.matches("[1-9]\\d{0,3}") ? Integer.valueOf(text) : text;
  }
}
