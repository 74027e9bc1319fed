package dev.couponbook.cli.load;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.CountedWarning.Told;
import dev.couponbook.file.FileLayout.Understood;
import dev.couponbook.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was understood of a file, and what looks wrong in it.
 *
 * @param understood null until its first rows were read, and for codes that a job makes
 */
public record FileNotes(@Nullable Understood understood, List<Told> warnings) {
  static FileNotes of(@Nullable Understood understood, List<CountedWarning> counted) {
    return new FileNotes(understood, counted.stream().map(CountedWarning::told).toList());
  }

  /** From the answer of {@code GET /coupons/codes/uploads/{id}}. */
  static FileNotes of(JsonNode upload) {
    var understood = upload.path("understood");
    var warnings = new ArrayList<Told>();
    for (var warning : upload.path("warnings")) {
      warnings.add(Json.mapper().treeToValue(warning, Told.class));
    }
    return new FileNotes(
        understood.isObject() ? Json.mapper().treeToValue(understood, Understood.class) : null,
        warnings);
  }

  /** For people: a line for what was understood, and one for each warning. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    if (understood != null) {
      lines.add("read as " + text(understood));
    }
    for (var warning : warnings) {
      lines.add(
          String.format(
              Locale.ROOT,
              "warning: %,d x %s (%s). %s.",
              warning.rows(),
              warning.warning(),
              warning.example(),
              warning.message()));
    }
    return lines;
  }

  private static String text(Understood file) {
    var text = new StringBuilder(file.header() ? "header" : "no header");
    text.append(", delimiter ").append(file.delimiter().equals("\t") ? "tab" : file.delimiter());
    text.append(", code in ").append(file.codeColumn());
    text.append(
        file.expirationColumn() == null
            ? ", no expirations"
            : ", expiration in " + file.expirationColumn());
    if (file.dateFormat() != null) {
      text.append(" as ").append(file.dateFormat());
    }
    if (file.timeZone() != null) {
      text.append(" (").append(file.timeZone()).append(')');
    }
    if (file.trim()) {
      text.append(", trimmed");
    }
    if (!file.columnsPassedOver().isEmpty()) {
      text.append(", passed over: ")
          .append(
              file.columnsPassedOver().stream()
                  .map(Object::toString)
                  .collect(Collectors.joining(", ")));
    }
    return text.toString();
  }

  /** For scripts. */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    if (understood != null) {
      json.put("understood", understood);
    }
    if (!warnings.isEmpty()) {
      json.put("warnings", warnings);
    }
    return json;
  }
}
