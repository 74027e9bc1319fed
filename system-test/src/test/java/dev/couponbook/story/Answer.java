package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answer to an HTTP call, or the outcome of a command. */
record Answer(int status, HttpHeaders headers, String text) {
  static final JsonMapper JSON = JsonMapper.builder().build();

  /** Sends the request, and checks that the edge answers as its description says. */
  static Answer of(HttpRequest request) {
    try {
      var answer = of(Home.HTTP.send(request, BodyHandlers.ofString()));
      DescribedAnswers.check(request, answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Answer of(HttpResponse<String> response) {
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  /**
   * The outcome that is part of a request's state, with the content type that it would have alone.
   */
  static Answer ofOutcome(JsonNode outcome) {
    int status = outcome.path("status").asInt();
    var type = status < 400 ? "application/json" : "application/problem+json";
    return new Answer(
        status,
        HttpHeaders.of(Map.of("Content-Type", List.of(type)), (_, _) -> true),
        outcome.path("body").toString());
  }

  static JsonNode parse(String json) {
    return JSON.readTree(json);
  }

  Answer is(int expected) {
    assertThat(status).as("status of %s", this).isEqualTo(expected);
    return this;
  }

  /** A refusal as the contract has it: a problem with a stable code, and exactly this sentence. */
  Answer refused(int expected, String sentence) {
    isProblem(expected);
    assertThat(text("error")).isEqualTo(sentence);
    return this;
  }

  /** A problem as in RFC 9457, with our two members. */
  Answer isProblem(int expected) {
    is(expected);
    assertThat(body().path("status").asInt()).as("member status of %s", this).isEqualTo(expected);
    assertThat(text("title")).as("title of %s", this).isNotBlank();
    assertThat(text("code")).as("code of %s", this).matches("[a-z0-9_]+");
    assertThat(text("error")).as("error of %s", this).isNotBlank();
    return this;
  }

  JsonNode body() {
    return parse(text);
  }

  boolean hasMember(String member) {
    return !text.isEmpty() && body().has(member);
  }

  JsonNode get(String member) {
    return body().path(member);
  }

  String text(String member) {
    return get(member).asString("");
  }

  Instant time(String member) {
    return Instant.parse(text(member));
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  @Override
  public String toString() {
    return status + " " + text;
  }
}
