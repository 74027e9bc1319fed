package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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
    assertThat(codes(read("Code\nAAA,2030-01-01T00:00:00Z\nBBB\n")))
        .containsExactly("Code", "AAA", "BBB");
  }

  @Test
  void semicolon_is_part_of_a_code_where_no_header_says_otherwise() throws Exception {
    assertThat(codes(read("A;B\n"))).containsExactly("A;B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAA\nBBB\n",
        "AAA\r\nBBB\r\n",
        "AAA\nBBB",
        "\uFEFFAAA\nBBB\n",
        "\n\nAAA\n\r\n\nBBB"
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
        "\"\"                        | no_code",
        "\"AAA                       | open_quote",
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
            "code,line,byte_offset,reason,message,hint\n"
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
    var layout = FileLayout.of(false, "code".getBytes(StandardCharsets.UTF_8));
    var reader = new RowReader(layout, withDefault, NOW);
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

  @Test
  void file_that_is_not_text_says_so() {
    assertThatThrownBy(() -> read(new byte[0])).hasMessage("The file is empty");
    assertThatThrownBy(() -> read("code\nA\n".getBytes(StandardCharsets.UTF_16)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> read("code\nA\n".getBytes(StandardCharsets.UTF_16LE)))
        .hasMessageContaining("UTF-16");
    assertThatThrownBy(() -> read("code,code\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("code twice");
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

  private static Block read(byte[] file) throws IOException {
    var layout = FileLayout.of(false, file);
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
