package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.FileWarning;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a row, and what a bad one costs: the table of the manual, line by line. */
class RowReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  @Test
  void header_names_the_columns_in_any_order() throws Exception {
    var block = read("note,expiration,code\nx,2030-01-01T00:00:00Z,AAA\ny,,BBB\n");
    assertThat(codes(block)).containsExactly("AAA", "BBB");
    assertThat(block.lines()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {";", "\t", ","})
  void delimiter_is_that_of_the_header(String delimiter) throws Exception {
    var block = read("code%sexpiration\nAAA%s2030-01-01T00:00:00+02:00\n".replace("%s", delimiter));
    assertThat(codes(block)).containsExactly("AAA");
  }

  @Test
  void without_a_header_the_first_line_is_a_row() throws Exception {
    assertThat(codes(read("Gutschein\nAAA,2030-01-01T00:00:00Z\nBBB\n")))
        .containsExactly("Gutschein", "AAA", "BBB");
  }

  @Test
  void semicolon_is_part_of_a_code_where_no_header_says_otherwise() throws Exception {
    assertThat(codes(read("A;1\n"))).containsExactly("A;1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAA\nBBB\n",
        "AAA\r\nBBB\r\n",
        "AAA\nBBB",
        "\uFEFFAAA\nBBB\n",
        "\n\nAAA\n\r\n\nBBB",
        ",\nAAA,\n,,,\nBBB,,\n,\n",
        "code;expiration\nAAA;\n;;\n;\nBBB;\n"
      })
  void line_ends_a_byte_order_mark_and_empty_lines_make_no_rows(String file) throws Exception {
    var block = read(file);
    assertThat(codes(block)).containsExactly("AAA", "BBB");
    assertThat(block.rejects()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\\.                    | \\.",
        "=1+1                   | =1+1",
        "\"AAA\"                | AAA",
        "\"A\"\"A\"             | A\"A",
        "\"A,A\"                | A,A",
        "A\"A                   | A\"A",
        "'=1                    | '=1",
      })
  void unusual_codes_are_codes(String line, String code) throws Exception {
    assertThat(codes(read(line + "\n"))).containsExactly(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a b                         | invalid_code",
        "~ AAA~                      | invalid_code",
        "~AAA ~                      | invalid_code",
        "\u00e4\u00f6                | invalid_code",
        ",x                          | no_code",
        "\"\",                       | no_code",
        "\"\"                        | no_code",
        "\"AAA\"x                    | text_after_quote",
        "~\"AAA\" ~                  | text_after_quote",
        "AAA,soon                    | invalid_expiration",
        "AAA,2030-01-01              | invalid_expiration",
        "AAA,2030-01-01T00:00:00     | invalid_expiration",
        "AAA,31.12.2030              | invalid_expiration",
        "AAA,2030-02-30T00:00:00Z    | invalid_expiration",
        "AAA,+99999-01-01T00:00:00Z  | invalid_expiration",
        "AAA,2026-11-22T23:59:59Z    | expired",
      })
  void bad_row_is_refused_alone_with_its_reason(String line, String reason) throws Exception {
    var block = read("BEFORE\n" + line + "\nBEHIND\n");
    assertThat(codes(block)).containsExactly("BEFORE", "BEHIND");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly(reason);
    assertThat(block.rejects()).extracting(RejectedRow::line).containsExactly(1L);
    assertThat(block.rejects()).extracting(RejectedRow::offset).containsExactly(7L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A\rB", "A\0B", "\r"})
  void lone_cr_and_nul_are_characters_like_others(String line) throws Exception {
    var block = read("BEFORE\n" + line + "\r\nBEHIND\n");
    assertThat(codes(block)).containsExactly("BEFORE", "BEHIND");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly("invalid_code");
  }

  @Test
  void row_of_a_file_with_a_code_column_must_have_it() throws Exception {
    var block = read("note,code\nx,AAA\nx\n");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly("no_code");
  }

  @Test
  void over_long_fields_and_lines_are_refused_in_constant_memory() throws Exception {
    var block =
        read(
            "code,note\nAAA,%s\nBBB,%s\nCCC,%s\nDDD,x\n"
                .formatted("x".repeat(1024), "x".repeat(1025), "x".repeat(3_000_000)));
    assertThat(codes(block)).containsExactly("AAA", "DDD");
    assertThat(block.rejects())
        .extracting(RejectedRow::reason)
        .containsExactly("field_too_long", "line_too_long");
    assertThat(block.rejects().getLast().raw()).hasSize(1024).startsWith("CCC,xxx");
  }

  @Test
  void bad_utf8_in_the_last_row_costs_that_row() throws Exception {
    var file = new byte[] {'A', '\n', 'B', (byte) 0xC3, '(', '\n', 'C', (byte) 0xFF};
    var block = read(file);
    assertThat(codes(block)).containsExactly("A");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsOnly("bad_utf8");
    assertThat(block.rejects()).extracting(RejectedRow::line).containsExactly(1L, 2L);
  }

  @Test
  void characters_that_the_database_cannot_store_are_replaced_in_the_report() throws Exception {
    assertThat(read("A\0B\n").rejects().getFirst().raw()).isEqualTo("A\uFFFDB");
  }

  @Test
  void our_own_report_is_read_without_its_apostrophes() throws Exception {
    var block =
        read(
            "code,reject_line,reject_byte_offset,reject_reason,reject_message,reject_hint\n"
                + "'=1+1,2,5,x,y,z\n"
                + "''=2,3,5,x,y,z\n"
                + "'A,4,5,x,y,z\n");
    assertThat(codes(block)).containsExactly("=1+1", "'=2", "'A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1", "+1", "-1", "@a", "\tA", "'=1", "''-1", "'A", "A", ""})
  void guarding_a_cell_can_be_undone(String cell) {
    assertThat(FormulaCells.guard(cell)).doesNotMatch("(?s)[=+\\-@\t].*");
    assertThat(FormulaCells.unguard(FormulaCells.guard(cell))).isEqualTo(cell);
  }

  @Test
  void row_without_expiration_gets_that_of_the_upload() throws Exception {
    var withDefault = Instant.parse("2031-01-01T00:00:00Z");
    var reader = new RowReader(layout("code\n", StatedLayout.NOTHING), withDefault, NOW);
    var block = new Block.Builder(0, 0, Block.ROWS);
    try (var lines =
        LineReader.atLine(new ByteArrayInputStream("AAA".getBytes(StandardCharsets.UTF_8)), 0, 3)) {
      lines.next();
      reader.read(lines, block);
    }
    assertThat(block.build(3, 3).codes().getFirst())
        .isEqualTo(
            new NewCode("AAA".getBytes(StandardCharsets.UTF_8), NewCode.micros(withDefault), 0));
  }

  private static final StatedLayout TRIMMED =
      new StatedLayout(null, null, null, null, null, null, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "code,expiration\n AAA ,\t2030-01-01T00:00:00Z \n\tBBB\n  \n\t\n",
        "code,expiration\n\" AAA\" , \"2030-01-01T00:00:00Z\"\n \"BBB\"\t,\n , \n",
        "code;expiration\n AAA;\nBBB ;\n",
      })
  void spaces_and_tabs_around_cells_do_not_count_if_that_is_stated(String file) throws Exception {
    var block = read(file.getBytes(StandardCharsets.UTF_8), TRIMMED);
    assertThat(block.rejects()).isEmpty();
    assertThat(codes(block)).containsExactly("AAA", "BBB");
    assertThat(read(file).rejects()).as("unless it is stated").isNotEmpty();
  }

  @Test
  void local_days_are_read_as_they_are_stated() throws Exception {
    var stated = new StatedLayout(null, null, null, null, "Europe/Berlin", "dd.MM.yyyy", false);
    var block =
        read(
            "code;end date\nA;31.12.2030\nB;2030-12-31\nC;\n".getBytes(StandardCharsets.UTF_8),
            stated);
    assertThat(codes(block)).containsExactly("A", "C");
    assertThat(block.codes().getFirst())
        .usingRecursiveComparison()
        .isEqualTo(
            new NewCode(
                new byte[] {'A'},
                NewCode.micros(Instant.parse("2030-12-31T22:59:59.999999Z")),
                14));
    assertThat(block.rejects())
        .extracting(RejectedRow::reason)
        .containsExactly("invalid_expiration");
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "CODE", "Code", "\"code\"", "_code_", " code"})
  void header_in_the_middle_is_no_code(String again) throws Exception {
    var block = read("code\n" + "A1\n".repeat(1_100) + again + "\nB1\n");
    assertThat(codes(block)).hasSize(1_101).doesNotContain("code", "CODE", "Code", "_code_");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly("header_again");
  }

  @Test
  void header_of_several_columns_is_no_row_either() throws Exception {
    var block = read("code;note\n" + "A1;x\n".repeat(1_100) + "Code ; Note\ncode;other\nB1;x\n");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly("header_again");
    assertThat(codes(block)).hasSize(1_102).contains("code");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1.23457E+11   | spreadsheet_number",
        "2E+05         | spreadsheet_number",
        "1,2E+11       |",
        "\"1,2E+11\"   | spreadsheet_number",
        "2E05          |",
        "ABC+E         |",
        "#N/A          | spreadsheet_error",
        "#REF!         | spreadsheet_error",
        "######        | spreadsheet_error",
        "#1            |",
        "=\"00121\"    | formula",
        "=A1&B2        | formula",
        "NULL          | empty_word",
        "null          | empty_word",
        "(null)        | empty_word",
        "NaN           | empty_word",
        "undefined     | empty_word",
        "N/A           | empty_word",
        "NULLA         |",
        "<html>        | markup",
        "<A            |",
        "'=1           | apostrophe",
        "'A            |",
        "A;B           | semicolon",
      })
  void code_that_looks_like_a_mistake_is_kept_and_counted(String row, @Nullable String warning)
      throws Exception {
    var block = read("code,note\nA1,x\n" + row + "\n");
    assertThat(block.codes()).as("kept").hasSize(2);
    assertThat(block.warnings())
        .extracting(counted -> counted.warning().code())
        .isEqualTo(warning == null ? List.of() : List.of(warning));
  }

  @Test
  void equal_warnings_are_counted_together_with_the_first_as_example() throws Exception {
    var block = read("code\n#N/A\nA\n#REF!\n#N/A\nNULL\n");
    assertThat(block.warnings())
        .containsExactlyInAnyOrder(
            new CountedWarning(FileWarning.SPREADSHEET_ERROR, 3, "#N/A"),
            new CountedWarning(FileWarning.EMPTY_WORD, 1, "NULL"));
  }

  @ParameterizedTest
  @CsvSource({
    // The row; the codes that are left of it and of GOOD behind it.
    "'S-1,\"Gift for\nVIP-ONLY\nfriends\"', 3",
    "'S-1,\"Gift for\r\nVIP-ONLY\r\nfriends\",more', 3",
    "'S-1,\"a \"\"b\"\"\nVIP-ONLY\n\"\"c\",d', 3",
    "'S-1,\"a\n\n\nVIP-ONLY\n\"', 5",
    "'\"S-1\"x,\"open\nVIP-ONLY\"', 2",
    "'\"open\nVIP-ONLY\",\"open again\nVIP-ALSO\"', 3",
  })
  void what_lies_behind_an_open_quote_is_no_row(String row, int lines) throws Exception {
    var block = read("code,note\nBEFORE,x\n" + row + "\nGOOD,x\n");
    assertThat(codes(block)).containsExactly("BEFORE", "GOOD");
    assertThat(block.rejects()).extracting(RejectedRow::reason).containsExactly("open_quote");
    assertThat(block.rejects().getFirst().raw()).isEqualTo(row);
    assertThat(block.rejects().getFirst().line()).isEqualTo(1);
    assertThat(block.lines()).isEqualTo(2 + lines);
  }

  @Test
  void quote_that_nobody_closes_costs_a_thousand_lines_or_64_kibibytes() throws Exception {
    var block = read("code,note\nS,\"open\n" + "IN\n".repeat(999) + "OUT\n".repeat(5));
    assertThat(codes(block)).hasSize(5).containsOnly("OUT");
    assertThat(block.rejects()).hasSize(1);
    assertThat(block.lines()).isEqualTo(1_005);
    var line = "I".repeat(60) + "\n";
    var long64 = read("code,note\nS,\"open\n" + line.repeat(1_080) + "OUT\n");
    assertThat(long64.lines()).isEqualTo(1_082);
    assertThat(long64.rejects()).hasSize(1);
    assertThat(long64.rejects().getFirst().raw().length()).isBetween(60_000, 65_536);
    assertThat(codes(long64))
        .contains("OUT")
        .hasSize(1_082 - (int) long64.rejects().getFirst().raw().lines().count());
  }

  @Test
  void file_that_is_not_text_says_so() {
    assertThatThrownBy(() -> read(new byte[0])).hasMessage("The file is empty");
    assertThatThrownBy(() -> read("code\nA\n".getBytes(StandardCharsets.UTF_16)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> read("code\nA\n".getBytes(StandardCharsets.UTF_16LE)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> read("PK\3\4codes.csv\nA\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("ZIP");
  }

  @Test
  void header_alone_has_no_rows() throws Exception {
    var block = read("code\n");
    assertThat(block.codes()).isEmpty();
    assertThat(block.lines()).isZero();
  }

  private static List<String> codes(Block block) {
    return block.codes().stream().map(NewCode::text).toList();
  }

  private static Block read(String file) throws IOException {
    return read(file.getBytes(StandardCharsets.UTF_8));
  }

  private static FileLayout layout(String file, StatedLayout stated) throws IOException {
    return FindLayout.of(false, FileHead.of(file.getBytes(StandardCharsets.UTF_8)), stated);
  }

  private static Block read(byte[] file) throws IOException {
    return read(file, StatedLayout.NOTHING);
  }

  private static Block read(byte[] file, StatedLayout stated) throws IOException {
    var layout = FindLayout.of(false, FileHead.of(file), stated);
    var rows = new RowReader(layout, null, NOW);
    int start = (int) layout.bodyStart();
    var block = new Block.Builder(start, 0, Block.ROWS);
    var in = new ByteArrayInputStream(file, start, file.length - start);
    try (var lines = LineReader.atLine(in, start, file.length)) {
      while (lines.next()) {
        rows.read(lines, block);
      }
      return block.build(lines.position(), 0);
    }
  }
}
