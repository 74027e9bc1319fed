package dev.couponbook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeFileTest {
  @TempDir Path directory;

  @Test
  void clean_file_has_as_many_codes_as_rows_and_none_of_another_seed() throws IOException {
    var codes = new HashSet<>(Files.readAllLines(write(CodeFile.clean(2, 20_000))));
    assertThat(codes).hasSize(20_000).allMatch(code -> code.matches("[0-9A-Z]{12}"));
    assertThat(Files.readAllLines(write(CodeFile.clean(3, 20_000)))).noneMatch(codes::contains);
  }

  @Test
  void shares_of_bad_rows_and_duplicates_are_exact() throws IOException {
    var lines = Files.readAllLines(write(new CodeFile(2, 20_000, 3, 1)));
    var good = lines.stream().filter(line -> !line.equals("not a code")).toList();
    assertThat(good).hasSize(19_800);
    assertThat(new HashSet<>(good)).hasSize(19_200);
  }

  private Path write(CodeFile file) throws IOException {
    var path = directory.resolve("bench.csv");
    file.write(path);
    return path;
  }
}
