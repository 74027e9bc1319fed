package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.file.FileWarning;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.json.Json;
import dev.couponbook.store.load.NewCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Each file in the partner guide is read as the guide says, with the layout shown before it. */
class PartnerGuideTest {
  private static final Path GUIDE = Path.of("../docs/partner-guide.md");
  private static final Pattern BLOCK =
      Pattern.compile(
          "<!-- (layout|file: (accepted|refused) (.*?)) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

  /** A file of the guide, and what it says of it. */
  record Example(boolean accepted, String expected, String file, StatedLayout stated) {
    @Override
    public String toString() {
      return (accepted ? "accepted " : "refused ") + expected;
    }
  }

  private static String guide() throws IOException {
    return Files.readString(GUIDE);
  }

  static List<Example> examples() throws IOException {
    var examples = new ArrayList<Example>();
    var stated = StatedLayout.NOTHING;
    var block = BLOCK.matcher(guide());
    while (block.find()) {
      if (block.group(1).equals("layout")) {
        stated = stated(block.group(4));
      } else {
        examples.add(
            new Example(block.group(2).equals("accepted"), block.group(3), block.group(4), stated));
        stated = StatedLayout.NOTHING;
      }
    }
    assertThat(examples).hasSizeGreaterThan(10);
    return examples;
  }

  // As the edge reads it: null where it is written means that there is no such column.
  private static StatedLayout stated(String json) {
    var layout = (ObjectNode) Json.mapper().readTree(json);
    if (layout.path("expirationColumn").isNull()) {
      layout.put("expirationColumn", 0);
    }
    layout.put("trim", layout.path("trim").asBoolean(false));
    return Json.mapper().treeToValue(layout, StatedLayout.class);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void file_is_read_as_the_guide_says(Example example) throws IOException {
    if (example.accepted) {
      assertThat(codes(example)).containsExactlyElementsOf(List.of(example.expected.split(" ")));
    } else {
      assertThatThrownBy(() -> codes(example)).hasMessageContaining(example.expected);
    }
  }

  private static List<String> codes(Example example) throws IOException {
    var bytes = example.file.getBytes(StandardCharsets.UTF_8);
    var layout = FindLayout.of(false, FileHead.of(bytes), example.stated);
    var rows = new RowReader(layout, null, Instant.parse("2026-11-26T00:00:00Z"));
    int from = (int) layout.bodyStart();
    var block = new Block.Builder(from, 0, Block.ROWS);
    try (var lines =
        LineReader.atLine(
            new ByteArrayInputStream(bytes, from, bytes.length - from), from, bytes.length)) {
      while (lines.next()) {
        rows.read(lines, block);
      }
    }
    var built = block.build(bytes.length, 0);
    assertThat(built.rejects()).isEmpty();
    return built.codes().stream().map(NewCode::text).toList();
  }

  @Test
  void tables_of_reasons_and_warnings_are_whole() throws IOException {
    var guide = guide();
    assertThat(Arrays.stream(RejectReason.values()).map(RejectReason::code))
        .allMatch(reason -> guide.contains("`" + reason + "`"));
    assertThat(Arrays.stream(FileWarning.values()).map(FileWarning::code))
        .allMatch(warning -> guide.contains("| `" + warning + "` |"));
  }
}
