package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A partner's program: it has a token, an HTTP client and the description of the API. */
record Partner(String edge, String name, String token) {
  /**
   * A few hundred times as long as a command takes on a quiet machine, and longer than a message of
   * a killed program stays hidden.
   */
  static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final Duration POLL = Duration.ofMillis(50);

  /** Headers that every client sets itself. */
  private static final Set<String> CLIENTS_OWN = Set.of("content-length", "host");

  /** Members of a JSON object: name, value, name, value. */
  static Map<String, Object> json(Object... members) {
    var object = new LinkedHashMap<String, Object>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], members[i + 1]);
    }
    return object;
  }

  /** Sends a command and returns its outcome, waiting and polling as long as it takes. */
  Answer post(String path, Object body) {
    var answer = send("POST", path, body, "Prefer", "wait=20");
    return answer.status() == 202 ? outcome(answer) : answer;
  }

  /** Sends a command without waiting; returns its request's address. */
  String submit(String path, Object body, String... headers) {
    var answer = send("POST", path, body, headers).is(202);
    assertThat(answer.header("Location")).isEqualTo("/requests/" + answer.text("requestId"));
    return answer.header("Location");
  }

  /** Waits for the outcome of a request. */
  Answer outcome(Answer kept) {
    return outcome(kept.header("Location"));
  }

  Answer outcome(String location) {
    var state =
        await("the end of " + location)
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(POLL)
            .until(() -> get(location).is(200).body(), request -> request.has("outcome"));
    return Answer.ofOutcome(state.path("outcome"));
  }

  Answer get(String path) {
    return Answer.of(request(path).GET().build());
  }

  /**
   * Sends a body, and sends it again after a 503, which says that nothing happened and when to
   * retry.
   */
  Answer send(String method, String path, Object body, String... headers) {
    return await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(1))
        .atMost(PATIENCE)
        .until(() -> sendOnce(method, path, body, headers), answer -> answer.status() != 503);
  }

  /** Sends a body, if there is one: text as it is, everything else as JSON. */
  Answer sendOnce(String method, String path, Object body, String... headers) {
    var publisher =
        body instanceof BodyPublisher given
            ? given
            : BodyPublishers.ofString(
                body instanceof String text ? text : Answer.JSON.writeValueAsString(body));
    var request =
        request(path).method(method, publisher).header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Content-Type")) {
        request.setHeader(headers[i], headers[i + 1]);
      } else {
        request.header(headers[i], headers[i + 1]);
      }
    }
    return Answer.of(request.build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(edge + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token);
  }

  // The use cases

  /** Creates a book. */
  String book(Object... terms) {
    var body = json("bookName", "A book");
    body.putAll(json(terms));
    return post("/coupons", body).is(201).text("bookId");
  }

  /** Creates a book with these codes. */
  String bookOf(List<String> codes, Object... terms) {
    var book = book(terms);
    add(book, codes);
    return book;
  }

  Answer add(String book, List<String> codes) {
    var manual = codes.stream().map(code -> json("code", code)).toList();
    return post("/coupons/codes", json("bookId", book, "manual", manual)).is(201);
  }

  Answer assign(String book, String email) {
    return post("/coupons/assign", json("bookId", book, "email", email));
  }

  Answer assignCode(String book, String code, String email) {
    return post("/coupons/assign/" + encoded(code), json("bookId", book, "email", email));
  }

  Answer lock(String code, String email, Object... more) {
    return post("/coupons/lock/" + encoded(code), holder(email, more));
  }

  Answer unlock(String code, String email, Object... more) {
    return post("/coupons/unlock/" + encoded(code), holder(email, more));
  }

  Answer redeem(String code, String email, Object... more) {
    return post("/coupons/redeem/" + encoded(code), holder(email, more));
  }

  Answer reverse(String redemption) {
    return post("/coupons/redemptions/" + redemption + "/reverse", json("reason", "returned"));
  }

  private static Map<String, Object> holder(String email, Object... more) {
    var body = json("email", email);
    body.putAll(json(more));
    return body;
  }

  /** A book's counts: total, free, assigned, locked, redeemed, void. */
  JsonNode counts(String book) {
    return get("/coupons/" + book).is(200).get("counts");
  }

  long count(String book, String kind) {
    return counts(book).path(kind).asLong(-1);
  }

  /** The user's codes of a book, by code. */
  Map<String, JsonNode> codesOf(String book, String email) {
    var codes = new LinkedHashMap<String, JsonNode>();
    get("/coupons/" + book + "?email=" + encoded(email))
        .is(200)
        .get("codes")
        .forEach(code -> codes.put(code.path("code").asString(), code));
    return codes;
  }

  /** Asks for an upload and sends the file as the answer says. */
  Upload upload(String book, String content, Object... wishes) {
    return upload(book, content.getBytes(StandardCharsets.UTF_8), wishes);
  }

  Upload upload(String book, byte[] content, Object... wishes) {
    var plan = planUpload(book, content.length, wishes);
    assertThat(put(plan, BodyPublishers.ofByteArray(content)).status()).isEqualTo(200);
    return new Upload(this, plan.path("uploadId").asString());
  }

  JsonNode planUpload(String book, long length, Object... wishes) {
    var body = json("bookId", book, "fileName", "codes.csv", "contentLength", length);
    body.putAll(json(wishes));
    return send("POST", "/coupons/codes/uploads", body).is(201).body();
  }

  /** Sends a file as its upload's plan says. */
  Answer put(JsonNode plan, BodyPublisher content) {
    var request =
        HttpRequest.newBuilder(URI.create(plan.path("url").asString()))
            .timeout(Duration.ofMinutes(3))
            .method(plan.path("method").asString(), content);
    for (var header : plan.path("headers").properties()) {
      if (!CLIENTS_OWN.contains(header.getKey())) {
        request.header(header.getKey(), header.getValue().asString());
      }
    }
    return Answer.of(request.build());
  }

  /** Sends a large file in the parts of its plan, and completes the upload. */
  void putParts(JsonNode plan, InputStream content) {
    for (var part : plan.path("parts")) {
      long length = part.path("contentLength").asLong();
      var body = BodyPublishers.ofInputStream(() -> new FirstBytes(content, length));
      Answer.of(
              HttpRequest.newBuilder(URI.create(part.path("url").asString()))
                  .timeout(Duration.ofMinutes(3))
                  .PUT(BodyPublishers.fromPublisher(body, length))
                  .build())
          .is(200);
    }
    var complete = sendOnce("POST", plan.path("complete").asString(), "");
    assertThat(complete.status()).as("completion: %s", complete).isBetween(200, 299);
  }

  /** The first bytes of a stream, which stays open for the rest. */
  private static final class FirstBytes extends InputStream {
    private final InputStream all;
    private long left;

    FirstBytes(InputStream all, long length) {
      this.all = all;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      return left-- > 0 ? all.read() : -1;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = all.read(buffer, from, (int) Math.min(left, length));
      left -= Math.max(read, 0);
      return read;
    }
  }

  /** A file that an answer's link points to: follows the redirect without the token. */
  String download(String link) {
    var redirect = get(link).is(303);
    var file =
        Answer.of(HttpRequest.newBuilder(URI.create(redirect.header("Location"))).build()).is(200);
    assertThat(file.header("Content-Disposition")).startsWith("attachment");
    return file.text();
  }

  /** The text as it appears in a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static List<String> codes(String prefix, int count) {
    var codes = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      codes.add(prefix + i);
    }
    return codes;
  }

  static List<String> values(JsonNode objects, String member) {
    var values = new ArrayList<String>();
    objects.forEach(object -> values.add(object.path(member).asString()));
    return values;
  }
}
