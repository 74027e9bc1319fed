package dev.couponbook.edge.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.couponbook.coupon.BookId;
import dev.couponbook.coupon.Email;
import dev.couponbook.edge.problem.Problem;
import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.testing.AttackTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StrictJsonTest {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("JSON");

  /** One member of each kind that bodies have. */
  record Form(
      String name,
      @Nullable Integer count,
      @Nullable Boolean flag,
      @Nullable Instant time,
      @Nullable BookId book,
      @Nullable Email email,
      @Nullable List<Part> parts,
      @Nullable JsonNode metadata) {}

  record Part(String code) {}

  @Test
  void a_lawful_body_is_read_as_it_stands() {
    var form =
        read(
            """
            {"name":"\\u00e9 \\ud83d\\ude00 é 😀","count":3,"flag":true,"time":"2030-01-01T00:00:00+01:00",
             "email":" Ann@X.de ","parts":[{"code":"A"}],"metadata":{"n":1.10,"z":null},"book":null}\
            """);
    assertThat(form.name).isEqualTo("é 😀 é 😀");
    assertThat(form.time).isEqualTo("2029-12-31T23:00:00Z");
    assertThat(form.email).isEqualTo(new Email("ann@x.de"));
    assertThat(form.book).isNull();
    assertThat(Objects.requireNonNull(form.metadata).toString())
        .isEqualTo("{\"n\":1.10,\"z\":null}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                  | Body must be a JSON object",
        "null                                | Body must be a JSON object",
        "{                                   | Body is not valid JSON at line 1, column 2",
        "{'name':'a'}                        | Body is not valid JSON at line 1, column 2",
        "{\"name\":\"a\",}                   | Body is not valid JSON at line 1, column 13",
        "{\"name\":NaN}                      | Body is not valid JSON at line 1, column 12",
        "{\"name\":\"a\",\"count\":01}       | Body is not valid JSON at line 1, column 22",
        "{\"name\":\"a\"} x                  | Body is not valid JSON at line 1, column 14",
        "{\"name\":\"a\"}{}                  | Body has text after its end at line 1, column 13",
        "{\"name\":\"a\",\"name\":\"b\"}     | Body has a member twice at line 1, column 19",
        "{\"metadata\":{\"a\":[{\"b\":1,\"b\":2}]}} | Body has a member twice at line 1, column 29",
        "{\"name\":\"a\\u0000\"}             | Body has a NUL character at line 1, column 9",
        "{\"metadata\":{\"a\\u0000\":1}}     | Body has a NUL character at line 1, column 14",
        "{\"name\":\"\\ud800\"}              | Body has half a character at line 1, column 9",
        "{\"name\":\"\\ude00\\ud83d\"}       | Body has half a character at line 1, column 9",
      })
  void bodies_that_are_not_json_or_mean_two_things_are_refused_with_the_place(
      String body, String sentence) {
    var problem = refusal(body);
    ATTACKS.row(body, sentence, problem.error());
    assertThat(problem.code()).isEqualTo("malformed_json");
    assertThat(problem.error()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                      | name          | name is required",
        "{\"name\":null}                         | name          | name is required",
        "{\"name\":1}                            | name          | name must be a string",
        "{\"name\":true}                         | name          | name must be a string",
        "{\"name\":[\"a\"]}                      | name          | name must be a string",
        "{\"name\":\"a\",\"count\":\"3\"}        | count         | count must be a whole number",
        "{\"name\":\"a\",\"count\":3.0}          | count         | count must be a whole number",
        "{\"name\":\"a\",\"count\":1e2}          | count         | count must be a whole number",
        "{\"name\":\"a\",\"count\":true}         | count         | count must be a whole number",
        "{\"name\":\"a\",\"count\":{}}           | count         | count must be a whole number",
        "{\"name\":\"a\",\"count\":3000000000}   | count         | count is out of range",
        "{\"name\":\"a\",\"flag\":1}             | flag          | flag must be true or false",
        "{\"name\":\"a\",\"flag\":\"true\"}      | flag          | flag must be true or false",
        "{\"name\":\"a\",\"parts\":{}}           | parts         | parts must be an array",
        "{\"name\":\"a\",\"parts\":[1]}          | parts[0]      | parts[0] must be an object",
        "{\"name\":\"a\",\"parts\":[{\"code\":\"A\"},null]} | parts[1] | parts[1] must not be null",
        "{\"name\":\"a\",\"parts\":[{}]}         | parts[0].code | parts[0].code is required",
        "{\"name\":\"a\",\"parts\":[{\"code\":\"A\",\"x\":1}]} | parts[0].x | parts[0].x is not a member of this body",
        "{\"name\":\"a\",\"partnerId\":1}        | partnerId     | partnerId is not a member of this body",
        "{\"name\":\"a\",\"Name\":\"b\"}         | Name          | Name is not a member of this body",
        "{\"name\":\"a\",\"book\":\"0198C0DE-0000-7000-8000-00000000001\"} | book | book: bookId must be an id as this service gave it out (a UUID)",
      })
  void a_wrong_member_is_named(String body, String field, String sentence) {
    var problem = refusal(body);
    ATTACKS.row(body, sentence, problem.error());
    assertThat(problem.field()).isEqualTo(field);
    assertThat(problem.error()).isEqualTo(sentence);
    assertThat(problem.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2030-01-01", "2030-01-01T00:00:00", "1893456000", "2030-02-30T00:00:00Z", ""})
  void a_time_has_a_zone(String time) {
    var sentence = "time must be a time with a zone, as in 2030-01-31T12:00:00Z";
    var problem = refusal("{\"name\":\"a\",\"time\":\"" + time + "\"}");
    ATTACKS.row("\"time\":\"" + time + "\"", sentence, problem.error());
    assertThat(problem.error()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "@",
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b\\u0007c",
        "a@b\\u00a0c",
        "",
        "a@\\u200bc"
      })
  void an_address_that_cannot_be_is_refused_and_not_repeated(String email) {
    var problem = refusal("{\"name\":\"a\",\"email\":\"" + email + "\"}");
    ATTACKS.row("\"email\":\"" + email + "\"", "email must …", problem.error());
    assertThat(problem.field()).isEqualTo("email");
    assertThat(problem.error()).startsWith("email must ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a+tag@x.de", "A.B@X.DE", "a@xn--mnchen-3ya.de", "ü@x.de", "  a@x.de  ", "'a'@b"})
  void an_unusual_address_passes(String email) {
    assertThat(read("{\"name\":\"a\",\"email\":\"" + email + "\"}").email).isNotNull();
  }

  @Test
  void an_address_has_254_characters_at_most() {
    assertThat(read("{\"name\":\"a\",\"email\":\"" + "a".repeat(252) + "@b\"}").email).isNotNull();
    assertThat(refusal("{\"name\":\"a\",\"email\":\"" + "a".repeat(253) + "@b\"}").error())
        .isEqualTo("email must have 254 characters at most");
  }

  @Test
  void bytes_must_be_utf_8() {
    var latin = refusal("{\"name\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1));
    ATTACKS.row("a name in ISO 8859-1", "Body is not UTF-8 at byte 9", latin.error());
    assertThat(latin.error()).isEqualTo("Body is not UTF-8 at byte 9");
    var wide = refusal("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_16));
    ATTACKS.row("a body in UTF-16", 400, wide.status() + " " + wide.error());
    assertThat(wide.status()).isEqualTo(400);
  }

  @Test
  void depth_is_bounded() {
    var deep =
        "{\"name\":\"a\",\"metadata\":" + "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000) + "}";
    var problem = refusal(deep);
    ATTACKS.row("2,000 objects in each other", "Body is nested too deep …", problem.error());
    assertThat(problem.error()).startsWith("Body is nested too deep");
  }

  private static Form read(String body) {
    return StrictJson.read(body.getBytes(StandardCharsets.UTF_8), Form.class);
  }

  private static Problem refusal(String body) {
    return refusal(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Problem refusal(byte[] body) {
    var refusal =
        catchThrowableOfType(ProblemException.class, () -> StrictJson.read(body, Form.class));
    assertThat(refusal).as("a refusal of the body").isNotNull();
    return refusal.problem();
  }
}
