package dev.couponbook.edge.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.couponbook.command.AssignAny;
import dev.couponbook.command.AssignCode;
import dev.couponbook.coupon.Email;
import dev.couponbook.edge.Surroundings;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.json.Json;
import dev.couponbook.program.Environment;
import io.micronaut.function.aws.proxy.MockLambdaContext;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Events of API Gateway, answered by the real edge among real surroundings. */
class HttpApiFunctionTest {
  private static final String BOOK = "0198c0de-0000-7000-8000-000000000001";
  private static final String SESSIONS =
      "SELECT count(*) FROM pg_stat_activity WHERE usename = 'coupon_edge'";

  @SuppressWarnings("NullAway.Init")
  private static Surroundings surroundings;

  @SuppressWarnings("NullAway.Init")
  private static HttpApiFunction function;

  @BeforeAll
  static void start() {
    surroundings = new Surroundings(0);
    surroundings.sdkSettings().forEach(System::setProperty);
    surroundings.sql(
        """
        INSERT INTO partner (name, client_id) VALUES ('acme', 'acme');
        INSERT INTO coupon_book (public_id, partner_id, name, max_codes_per_user, max_redeems_per_user, lock_seconds)
        VALUES ('%s', 1, 'Summer', 2, 1, 600)
        """
            .formatted(BOOK));
    function = new HttpApiFunction(surroundings.settings());
    assertThat(surroundings.value(SESSIONS)).as("connections in a snapshot").isEqualTo("0");
    assertThat(surroundings.issuer.timesAsked()).as("keys in a snapshot").isZero();
  }

  @AfterAll
  static void stop() {
    function.close();
    surroundings.close();
  }

  @AfterEach
  void empty_the_queue() {
    surroundings.take("coupon-commands");
  }

  /** What API Gateway makes an HTTP answer of. */
  private record Answer(APIGatewayV2HTTPResponse response) {
    int status() {
      return response.getStatusCode();
    }

    JsonNode json() {
      return Json.mapper().readTree(response.getBody());
    }

    String at(String pointer) {
      return json().at(pointer).asString();
    }

    @Nullable String header(String name) {
      return response.getHeaders().entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(null);
    }

    @Override
    public String toString() {
      return status() + " " + response.getHeaders() + " " + response.getBody();
    }
  }

  private static Answer send(String event) {
    return new Answer(
        function.handleRequest(
            Event.named(event, surroundings.issuer.token("acme")), new MockLambdaContext()));
  }

  @Test
  void a_book_is_read() {
    var book = send("get_book");
    assertThat(book.status()).as("%s", book).isEqualTo(200);
    assertThat(book.header("Content-Type")).isEqualTo("application/json");
    assertThat(book.header("Trace-Id")).matches("[0-9a-f]{32}");
    assertThat(book.header("RateLimit")).startsWith("\"partner\";r=");
    assertThat(book.response.getIsBase64Encoded()).isFalse();
    assertThat(book.at("/bookName")).isEqualTo("Summer");
    assertThat(Integer.parseInt(surroundings.value(SESSIONS))).isBetween(1, 2);
  }

  @Test
  void head_is_get_without_a_body() {
    var head = send("head_book");
    assertThat(head.status()).as("%s", head).isEqualTo(200);
    assertThat(head.response.getBody()).isNull();
    assertThat(head.header("Content-Type")).isEqualTo("application/json");
    assertThat(head.header("Content-Length"))
        .isEqualTo(Integer.toString(send("get_book").response.getBody().length()));
  }

  @ParameterizedTest
  @CsvSource({"post_assign", "post_assign_base64"})
  void a_command_is_kept_before_it_is_answered(String event) {
    var kept = send(event);
    assertThat(kept.status()).as("%s", kept).isEqualTo(202);
    assertThat(kept.header("Location")).isEqualTo("/requests/" + kept.at("/requestId"));
    assertThat(kept.header("Retry-After")).isNotNull();
    var message = surroundings.awaitMessage("coupon-commands");
    assertThat(kept.at("/requestId")).startsWith(message.requestId().toString());
    assertThat(message.command())
        .isInstanceOfSatisfying(
            AssignAny.class,
            assign -> assertThat(assign.email()).isEqualTo(new Email("ann@example.com")));
  }

  @Test
  void the_callers_trace_goes_with_the_command() {
    assertThat(send("post_assign").header("Trace-Id"))
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(surroundings.awaitTrace("coupon-commands"))
        .startsWith("00-0af7651916cd43dd8448eb211c80319c-");
  }

  @Test
  void a_caller_who_prefers_to_wait_gets_the_outcome_itself() throws Exception {
    var answers = new ArrayList<Answer>();
    var waiting = Thread.ofVirtual().start(() -> answers.add(send("post_assign_waiting")));
    var message = surroundings.awaitMessage("coupon-commands");
    surroundings.sql(
        """
        INSERT INTO command_outcome (request_id, partner_id, kind, fingerprint, status, body)
        VALUES ('%s', 1, 'assign_any', '\\x%s', 200, '{"assigned":true,"code":"A1"}')
        """
            .formatted(message.requestId(), message.fingerprint().hex()));
    waiting.join();
    assertThat(answers.getFirst().status()).as("%s", answers).isEqualTo(200);
    assertThat(answers.getFirst().at("/code")).isEqualTo("A1");
    assertThat(answers.getFirst().header("Preference-Applied")).isEqualTo("wait");
  }

  @Test
  void a_code_in_a_path_is_read_as_it_was_meant() {
    assertThat(send("post_assign_odd_code").status()).isEqualTo(202);
    assertThat(surroundings.awaitMessage("coupon-commands").command())
        .isInstanceOfSatisfying(
            AssignCode.class, assign -> assertThat(assign.code().value()).isEqualTo("50%+VAT#1;"));
  }

  @Test
  void a_value_in_a_query_keeps_its_commas() {
    var none = send("get_codes_of_user");
    assertThat(none.status()).as("%s", none).isEqualTo(404); // cut at the comma, it were no address
  }

  @ParameterizedTest
  @CsvSource({
    "no_token, 401, unauthorized,",
    "bad_token, 401, unauthorized,",
    "no_such_book, 404, not_found,",
    "no_such_path, 404, not_found,",
    "wrong_method, 405, method_not_allowed,",
    "unknown_member, 400, unknown_member, partnerId",
    "member_twice, 400, malformed_json,",
    "no_body, 400, missing, body",
    "other_type, 415, unsupported_media_type,",
    "encoded_body, 415, unsupported_media_type,",
    "too_large, 413, body_too_large,",
    "bad_query, 400, invalid_value, limit",
    "post_reverse_without_body, 202,,"
  })
  void a_refusal_is_that_of_the_server(
      String event, int status, @Nullable String code, @Nullable String field) {
    var answer = send(event);
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    if (code != null) {
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.at("/code")).isEqualTo(code);
      assertThat(answer.json().has("field")).isEqualTo(field != null);
    }
    if (field != null) {
      assertThat(answer.at("/field")).isEqualTo(field);
    }
    if (status == 401) {
      assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prod, /prod/coupons/0198c0de-0000-7000-8000-000000000001",
    "prod, /coupons/0198c0de-0000-7000-8000-000000000001",
    "$default, /coupons/0198c0de-0000-7000-8000-000000000001",
  })
  void a_stage_in_the_path_is_no_part_of_it(String stage, String path) {
    var event = Event.named("get_book", surroundings.issuer.token("acme"));
    event.getRequestContext().setStage(stage);
    event.setRawPath(path);
    var book = new Answer(function.handleRequest(event, new MockLambdaContext()));
    assertThat(book.status()).as("%s", book).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1, $default, /v1/coupons",
    "/v1, prod, /prod/coupons",
    "/v1, prod, /v1/coupons",
    "https://api.example.com/v1, $default, /v1/coupons",
    "/, $default, /coupons"
  })
  void the_public_path_in_front_is_no_part_of_it_either(String url, String stage, String path) {
    var event = Event.named("get_book", "");
    event.getRequestContext().setStage(stage);
    event.setRawPath(path);
    var base = PublicBase.from(new Environment(Map.of("COUPON_EDGE_PUBLIC_URL", url)));
    assertThat(Address.of(event, base)).hasToString("/coupons");
  }

  @ParameterizedTest
  @CsvSource({
    "application/*, 200",
    "*/*;q=0.1, 200",
    "text/html, 406",
    "application/json;q=0, 406"
  })
  void accept_is_read_as_the_server_reads_it(String accept, int status) {
    var event = Event.named("get_book", surroundings.issuer.token("acme"));
    event.getHeaders().put("accept", accept);
    var book = new Answer(function.handleRequest(event, new MockLambdaContext()));
    assertThat(book.status()).as("%s", book).isEqualTo(status);
  }

  @Test
  void a_parameter_that_the_route_does_not_take_is_refused() {
    var event = Event.named("get_book", surroundings.issuer.token("acme"));
    event.setRawQueryString("Email=ann%40example.com");
    var refused = new Answer(function.handleRequest(event, new MockLambdaContext()));
    assertThat(refused.at("/code")).isEqualTo("unknown_parameter");
    assertThat(refused.at("/field")).isEqualTo("Email");
  }

  @Test
  void the_description_and_its_page_are_there() {
    assertThat(send("get_description").response.getBody()).startsWith("openapi: 3.0");
    var picture = send("get_picture").response;
    assertThat(picture.getIsBase64Encoded()).isTrue();
    assertThat(Base64.getMimeDecoder().decode(picture.getBody())).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void readiness_says_whether_the_edge_can_work() {
    var ready = send("readiness");
    assertThat(ready.status()).as("%s", ready).isEqualTo(200);
    assertThat(ready.at("/status")).isEqualTo("ready");
  }

  @Test
  void a_bad_setting_ends_the_start_and_is_named() {
    var settings = new HashMap<>(surroundings.settings());
    settings.remove("COUPON_JWT_ISSUER");
    assertThatThrownBy(() -> new HttpApiFunction(settings))
        .isInstanceOf(Environment.BadSettingException.class)
        .hasMessage("COUPON_JWT_ISSUER is not set");
  }
}
