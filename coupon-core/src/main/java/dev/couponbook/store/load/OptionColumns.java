package dev.couponbook.store.load;

import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.json.Json;
import dev.couponbook.store.sql.Row;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The columns of a load that have its partner's options. */
public final class OptionColumns {
  /** The columns that {@link #of(Row)} reads, of a {@code code_load} under this alias. */
  public static final String OF_L =
      """
      l.on_duplicate = 'fail' AS fail_on_duplicate, l.dry_run, l.default_expires_at, l.max_rejects, l.stated_layout
      """;

  private OptionColumns() {}

  public static LoadOptions of(Row row) throws SQLException {
    return new LoadOptions(
        row.flag("fail_on_duplicate"),
        row.flag("dry_run"),
        row.instantOrNull("default_expires_at"),
        row.bigintOrNull("max_rejects"),
        layout(row.textOrNull("stated_layout")));
  }

  private static StatedLayout layout(@Nullable String json) {
    return json == null ? StatedLayout.NOTHING : Json.mapper().readValue(json, StatedLayout.class);
  }

  /** What the column {@code stated_layout} has for a layout; null for one that states nothing. */
  static @Nullable String json(StatedLayout layout) {
    return layout.equals(StatedLayout.NOTHING) ? null : Json.mapper().writeValueAsString(layout);
  }
}
