package dev.couponbook.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFileTest {
  @TempDir Path folder;

  @Test
  void the_numbers_known_beforehand_are_those_of_the_file() throws IOException {
    var demo = new DemoFile(20_000, "ABCDEF");
    var path = folder.resolve("demo.csv");
    demo.write(path);
    var rows = Files.readAllLines(path);
    assertThat(rows.removeFirst()).isEqualTo("code,expiration");
    assertThat(rows).hasSize(20_000);

    Set<String> codes = new HashSet<>();
    long bad = 0;
    long duplicate = 0;
    for (var row : rows) {
      var columns = List.of(row.split(","));
      if (isBad(columns)) {
        bad++;
      } else if (!codes.add(columns.getFirst())) {
        duplicate++;
      }
    }
    assertThat(bad).isEqualTo(demo.bad()).isEqualTo(40);
    assertThat(duplicate).isEqualTo(demo.duplicate()).isEqualTo(60);
    assertThat(codes).hasSize((int) demo.accepted());
  }

  private static boolean isBad(List<String> columns) {
    return columns.getFirst().contains(" ")
        || columns.getFirst().length() > 64
        || (columns.size() > 1 && !columns.get(1).startsWith("2035-"));
  }

  @Test
  void a_code_stands_for_one_row_only() {
    var demo = new DemoFile(1_000_000, "");
    var codes = new HashSet<String>();
    for (int row = 0; row < demo.rows(); row += 7) {
      assertThat(codes.add(demo.code(row))).isTrue();
    }
  }
}
