package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.file.ColumnChoice;
import dev.couponbook.file.ColumnChoice.None;
import dev.couponbook.file.ColumnChoice.Numbered;
import dev.couponbook.file.CountedWarning;
import dev.couponbook.file.FileLayout;
import dev.couponbook.file.FileLayout.Understood;
import dev.couponbook.file.FileWarning;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.load.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood of a file, and which files are refused before their first row. */
class FindLayoutTest {
  private static final String END = "2031-01-01T00:00:00Z";

  private static FileLayout find(String file, StatedLayout stated) throws UnusableFileException {
    return FindLayout.of(false, head(file), stated);
  }

  private static FileHead head(String file) throws UnusableFileException {
    return FileHead.of(file.getBytes(StandardCharsets.UTF_8));
  }

  private static Understood understood(String file) throws UnusableFileException {
    return find(file, StatedLayout.NOTHING).understood();
  }

  private static StatedLayout stated(
      @Nullable Boolean header,
      @Nullable Character delimiter,
      @Nullable ColumnChoice code,
      @Nullable ColumnChoice end) {
    return new StatedLayout(header, delimiter, code, end, null, null, false);
  }

  private static ColumnChoice named(String name) {
    return new ColumnChoice.Named(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "code",
        "CODE",
        "Code",
        " code ",
        "\"code\"",
        "\"Code \"",
        "\uFEFFcode",
        "_code",
        "coupon",
        "Coupon",
        "coupon_code",
        "Coupon Code",
        "coupon-code",
        "CouponCode",
        "voucher",
        "voucher code",
        "VOUCHER_CODE",
        "promo code",
        "Promo-Code",
        "discount code",
        "discount_code"
      })
  void column_of_the_code_is_known_by_its_usual_names(String name) throws Exception {
    var understood = understood("note," + name + "\nx,A1\n");
    assertThat(understood.header()).isTrue();
    assertThat(understood.columnsPassedOver()).containsExactly("note");
    assertThat(understood(name + "\nA1\n").header()).as("alone").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expiration", "Expiration", "expiration date", "EXPIRATION_DATE", "expires", "expires at",
        "expires_at", "ExpiresAt", "expires on", "expiry", "expiry date", "valid until",
        "valid_until", "Valid To", "end date"
      })
  void column_of_the_end_is_known_by_its_usual_names(String name) throws Exception {
    assertThat(understood("code;" + name + "\nA1;" + END + "\n").expirationColumn())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~\"Coupon Code\",\"Created\",\"Used\",\"Times Used\"~ | ~\"A1\",\"today\",\"0\",\"0\"~ | Coupon Code |",
        "ID;Name;Priority;Code;Quantity;Expiration date;Status | 1;x;1;A1;1;2031-01-01;1 | Code | Expiration date",
        "id,Code,Coupon,Active,Expires At | promo_1,A1,25off,true, | Code | Expires At",
        "Code,Discount,Status | A1,10,active | Code |",
      })
  void exports_of_shops_are_read_by_the_names_in_them(
      String header, String row, String code, @Nullable String end) throws Exception {
    var understood = understood(header + "\n" + row + "\n");
    assertThat(understood.codeColumn()).isEqualTo(code);
    assertThat(understood.expirationColumn()).isEqualTo(end);
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void delimiter_is_the_one_of_the_header(String delimiter) throws Exception {
    assertThat(understood("code" + delimiter + "note\nA1" + delimiter + "x\n").delimiter())
        .isEqualTo(delimiter);
  }

  @Test
  void lines_of_a_spreadsheet_before_the_header_are_passed_over() throws Exception {
    var layout =
        find("\uFEFF\r\nsep=;\r\n\r\ncode;expiration\r\nA1;" + END + "\r\n", StatedLayout.NOTHING);
    assertThat(layout.headerLines()).isEqualTo(4);
    assertThat(layout.bodyStart()).isEqualTo(3 + 2 + 7 + 2 + 17);
    assertThat(layout.delimiter()).isEqualTo(';');
    assertThat(find("sep=;\nA1;" + END + "\n", StatedLayout.NOTHING).bodyStart()).isEqualTo(6);
  }

  @Test
  void header_may_have_a_name_of_two_lines() throws Exception {
    var layout = find("code,\"valid\nuntil\",note\nA1," + END + ",x\n", StatedLayout.NOTHING);
    assertThat(layout.headerLines()).isEqualTo(2);
    assertThat(layout.expirationColumn()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A1;2031-02-03T04:05:06Z\nA2;2031-02-03T04:05:06Z\n",
        "A1;\nA2;\n",
        "A1;2031-02-03\n"
      })
  void delimiter_of_a_file_without_a_header_is_the_one_before_its_times(String file)
      throws Exception {
    assertThat(understood(file).delimiter()).isEqualTo(";");
    assertThat(understood(file.replace(';', '\t')).delimiter()).isEqualTo("\t");
    assertThat(understood(file.replace(';', ',')).delimiter()).isEqualTo(",");
  }

  @Test
  void without_a_header_columns_have_numbers() throws Exception {
    assertThat(understood("A1," + END + ",x,y\nA2\n"))
        .isEqualTo(new Understood(false, ",", 1, 2, null, null, false, List.of(3, 4)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // The file | what the reason says, which includes how to state what is meant.
        "Kod;Do\\nA1;x\\n                      | layout.codeColumn",
        "Gutschein Nr,Bemerkung\\nA1,x\\n      | layout.codeColumn",
        "post_title,post_status,discount_type,coupon_amount,expiry_date\\nA1,publish,percent,10,2031-01-01\\n | layout.codeColumn",
        "Expires,Nr\\n2031-01-01T00:00:00Z,A1\\n | layout.codeColumn",
        "code,expires_when\\nA1,2031-01-01T00:00:00Z\\n | layout.expirationColumn: expires_when",
        "code,ends\\nA1,\\nA2,2031-01-01\\n    | layout.expirationColumn: null",
        "~\"Coupon Code\",\"Created\",\"Used\"\\nA1,\"2026-01-05 10:00:00\",0\\n~ | Column Created has times (2026-01-05 10:00:00)",
        "code\\nA1,2031-01-01T00:00:00Z\\n     | Column 2 has times",
        "code\\nA1;2031-01-01T00:00:00Z\\n     | each row has a semicolon",
        "code\\nA1;x\\nA2;y\\n                 | layout.delimiter",
        "A1;x\\nA2;y\\n                        | layout.delimiter",
        "code,Promo Code\\nA1,B1\\n            | layout.codeColumn",
        "code,expires,valid until\\nA1,,\\n    | layout.expirationColumn",
        "code\\nA1\\nA2\\nCode\\nA3\\n         | Line 4 is the header once more",
        "code;note\\nA1;x\\ncode;note\\n       | Line 3 is the header once more",
        "A1\\nA2\\ncode\\nA3\\n                | Line 3 looks like the header",
        "Codes of spring\\n\\nCode;Valid until\\nA1;\\n | Line 3 looks like the header",
        "sep=;\\ncode,expiration\\nA1,\\n      | the header has a comma",
        "<!DOCTYPE html>\\n<html>\\n           | HTML",
        "<?xml version=~1.0~?>\\n<codes>\\n    | XML",
        "{\"codes\":[\"A1\"]}\\n               | JSON",
        "[\\n  {\"code\": \"A1\"}\\n]\\n       | JSON",
        "[\"A1\",\"A2\"]\\n                    | JSON",
      })
  void file_that_could_be_meant_in_two_ways_is_refused(String file, String reason) {
    assertThatThrownBy(() -> understood(file.replace("\\n", "\n")))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void partner_who_knows_better_is_believed() throws Exception {
    var shop = "post_title,post_status,expiry_date\nA1,publish,2031-01-01\n";
    assertThat(
            find(shop, stated(null, null, named("post_title"), named("Expiry Date"))).understood())
        .isEqualTo(
            new Understood(
                true, ",", "post_title", "expiry_date", null, null, false, List.of("post_status")));
    assertThat(find(shop, stated(true, null, new Numbered(1), None.NONE)).understood())
        .extracting(Understood::codeColumn, Understood::expirationColumn)
        .containsExactly("post_title", null);
    assertThat(find("code\nA1\n", stated(false, null, null, null)).understood().header()).isFalse();
    assertThat(find("A1\ncode\n", stated(false, null, null, null)).understood().header()).isFalse();
    assertThat(find("<html>\n", stated(false, null, null, null)).understood().header()).isFalse();
    assertThat(
            find("Kod\nA1\n", stated(true, null, new Numbered(1), null)).understood().codeColumn())
        .isEqualTo("Kod");
    assertThat(find("A1;x\nA2;y\n", stated(null, ';', null, None.NONE)).understood())
        .isEqualTo(new Understood(false, ";", 1, null, null, null, false, List.of(2)));
    assertThat(find("A1;B\nA2;C\n", stated(false, ',', null, null)).understood().delimiter())
        .isEqualTo(",");
    assertThat(find("x,A1\ny,A2\n", stated(false, null, new Numbered(2), null)).understood())
        .isEqualTo(new Understood(false, ",", 2, null, null, null, false, List.of(1)));
    assertThat(
            find("code:note\nA1:x\n", stated(null, ':', null, null))
                .understood()
                .columnsPassedOver())
        .containsExactly("note");
  }

  @Test
  void statement_that_the_file_contradicts_is_refused() {
    assertThatThrownBy(() -> find("code\nA1\n", stated(null, null, named("nr"), null)))
        .hasMessageContaining("layout.codeColumn is nr")
        .hasMessageContaining("it has: code");
    assertThatThrownBy(() -> find("a,a\nA1,x\n", stated(null, null, named("a"), null)))
        .hasMessageContaining("more than one column of this name");
    assertThatThrownBy(() -> find("code\nA1\n", stated(true, null, new Numbered(3), null)))
        .hasMessageContaining("only 1 columns");
    assertThatThrownBy(() -> find("code,note\nA1,x\n", stated(null, ';', null, null)))
        .hasMessageContaining("layout.delimiter says");
    assertThatThrownBy(() -> find("nr,valid until\nA1,\n", stated(true, null, null, null)))
        .hasMessageContaining("no column that we know for the code");
    assertThatThrownBy(() -> find("a,b\nA1,x\n", stated(true, null, named("a"), new Numbered(1))))
        .hasMessageContaining("same column");
  }

  @ParameterizedTest
  @CsvSource({
    "'Gutscheincode\nDE-1\nDE-2\n', Gutscheincode",
    "'Kody\nA1B2\nC3D4\n', Kody",
    "'ABCDEFG\nABCD\nEFGH\n', ABCDEFG",
    "'DE-0\nDE-1\nDE-2\n',",
    "'ABCD\nEFGH\nIJKL\n',",
    "'Kody\nA1\n',",
    "'code\nA1\nA2\n',",
  })
  void first_row_unlike_all_others_is_kept_and_told(String file, @Nullable String first)
      throws Exception {
    var layout = find(file, StatedLayout.NOTHING);
    assertThat(FirstRows.warnings(head(file), layout, StatedLayout.NOTHING))
        .isEqualTo(
            first == null
                ? List.of()
                : List.of(new CountedWarning(FileWarning.FIRST_ROW_LIKE_HEADER, 1, first)));
    assertThat(FirstRows.warnings(head(file), layout, stated(false, null, null, null)))
        .as("not if that is stated")
        .isEmpty();
  }

  private static void refuseIfAllRejected(String file) throws IOException {
    FirstRows.refuseIfAllRejected(
        head(file), find(file, StatedLayout.NOTHING), null, Instant.parse("2026-11-23T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "A1,31.12.2030            | layout.dateFormat",
        "A1,2030-12-31            | layout.timeZone",
        "A1,2020-12-31T00:00:00Z  | expired",
        "A 1,2030-12-31T00:00:00Z | layout.trim",
        "~ A1,~                   | layout.trim",
      })
  void file_of_which_each_of_the_first_rows_would_be_rejected_is_refused(String row, String reason)
      throws Exception {
    var all = "code,expiration\n" + (row + "\n").repeat(3_000);
    assertThatThrownBy(() -> refuseIfAllRejected(all))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("Each of the first 1,00")
        .hasMessageContaining(reason);
    refuseIfAllRejected("code,expiration\n" + (row + "\n").repeat(19));
    refuseIfAllRejected("code,expiration\n" + (row + "\n").repeat(900) + "GOOD,\n");
  }

  @ParameterizedTest
  @CsvSource({
    "50 4b 03 04, ZIP",
    "1f 8b 08 00, compressed twice",
    "d0 cf 11 e0, Excel",
    "25 50 44 46 2d 31, PDF",
    "28 b5 2f fd, Zstandard",
    "fd 37 7a 58 5a 00, xz",
    "37 7a bc af 27 1c, 7z",
    "ff fe 41 00, UTF-16",
    "fe ff 00 41, UTF-16",
    "41 00 42 00, UTF-16",
    "ef bb bf, nothing else",
    "63 6f 64 65 0d 41 31 0d 41 32 0d, carriage return",
  })
  void other_kinds_of_files_are_told_by_their_beginning(String bytes, String kind) {
    var beginning = HexFormat.ofDelimiter(" ").parseHex(bytes);
    assertThatThrownBy(() -> FileHead.of(beginning))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(kind);
  }
}
