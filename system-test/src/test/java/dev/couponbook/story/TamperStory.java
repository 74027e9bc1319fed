package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.testing.AttackTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Anyone who has the address of an upload can send that file, once, and nothing else. All attacks
 * are on one plan, which must still work after them.
 */
@PlaysIn(
    value = HomeKind.EMBEDDED,
    because = "LocalStack lets requests without any signature pass; see docs/homes.md")
class TamperStory {
  @RegisterExtension static final AttackTable ATTACKS = new AttackTable("presigned uploads");

  private static final String FILE = "SIGNED-1\nSIGNED-2\n";
  private static final String OTHER_FILE = "FORGED-1\nFORGED-2\n";
  // The HTTP client sets it itself.
  private static final String LENGTH = "content-length";

  /** A request to the bucket. */
  private record Sent(String method, String url, Map<String, String> headers, String body) {
    Sent method(String other) {
      return new Sent(other, url, headers, body);
    }

    Sent url(UnaryOperator<String> change) {
      var changed = change.apply(url);
      assertThat(changed).as("a changed address").isNotEqualTo(url);
      return new Sent(method, changed, headers, body);
    }

    Sent header(String name, String value) {
      var changed = new LinkedHashMap<>(headers);
      changed.put(name, value);
      return new Sent(method, url, changed, body);
    }

    Sent without(String name) {
      var fewer = new LinkedHashMap<>(headers);
      fewer.remove(name);
      return new Sent(method, url, fewer, body);
    }

    Sent body(String other) {
      return new Sent(method, url, headers, other);
    }

    // On a connection of its own: the store may refuse without reading the file, and then closes.
    Answer send() {
      var request =
          HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofString(body));
      headers.forEach(request::header);
      try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        return Answer.of(http.send(request.build(), BodyHandlers.ofString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void every_change_to_an_upload_is_refused_and_the_upload_itself_still_works(Partner partner)
      throws Exception {
    var book = partner.book();
    var sum = MessageDigest.getInstance("SHA-256").digest(FILE.getBytes(StandardCharsets.UTF_8));
    var plan =
        partner.planUpload(
            book,
            FILE.length(),
            "sha256",
            HexFormat.of().formatHex(sum),
            "onDuplicate",
            "fail",
            "expiration",
            "2036-01-01T00:00:00Z");
    var honest = honest(plan);

    attacks(honest).forEach((what, attack) -> assertRefused(what, Set.of(403), attack));
    assertRefused("another file of the same length", Set.of(400, 403), honest.body(OTHER_FILE));

    var sent = honest.send();
    ATTACKS.row("the file as it was planned, after all that", 200, sent.status());
    sent.is(200);
    assertRefused("the same file again", Set.of(409, 412), honest);
    var upload = new Upload(partner, plan.path("uploadId").asString());
    Upload.assertRows(upload.endsAs("completed"), 2, 2, 0, 0);
    assertThat(partner.count(book, "total")).isEqualTo(2);
  }

  private static Sent honest(JsonNode plan) {
    var headers = new LinkedHashMap<String, String>();
    plan.path("headers")
        .forEachEntry((name, value) -> {
          if (!name.equals(LENGTH) && !name.equals("host")) {
            headers.put(name, value.asString());
          }
        });
    return new Sent(plan.path("method").asString(), plan.path("url").asString(), headers, FILE);
  }

  private static Map<String, Sent> attacks(Sent honest) {
    var attacks = new LinkedHashMap<String, Sent>();
    attacks.put("another upload's key", honest.url(url -> changed(url, ".csv?", -1)));
    attacks.put(
        "another partner's folder",
        honest.url(url -> replaced(url, "/uploads/\\d+/", "/uploads/0/")));
    attacks.put("another folder", honest.url(url -> replaced(url, "/uploads/", "/rejects/")));
    attacks.put("a longer life", honest.url(url -> replaced(url, "Expires=900", "Expires=9000")));
    attacks.put(
        "another day",
        honest.url(url -> replaced(url, "X-Amz-Date=\\d{8}", "X-Amz-Date=20360101")));
    attacks.put("another signature", honest.url(url -> changed(url, "X-Amz-Signature=", 16)));
    attacks.put(
        "no signature", honest.url(url -> replaced(url, "&?X-Amz-Signature=[0-9a-f]*", "")));
    attacks.put("nothing of the signature", honest.url(url -> replaced(url, "\\?.*", "")));
    attacks.put("another key id", honest.url(url -> replaced(url, "Credential=", "Credential=X")));
    attacks.put(
        "fewer headers signed",
        honest.url(url -> replaced(url, "SignedHeaders=[^&]*", "SignedHeaders=host")));
    attacks.put("one more parameter", honest.url(url -> url + "&x-id=PutObjectAcl"));
    honest.headers.forEach((name, value) -> {
      attacks.put("another " + name, honest.header(name, other(name, value)));
      attacks.put("no " + name, honest.without(name));
    });
    attacks.put("a longer file", honest.body(FILE + "SIGNED-3\n"));
    attacks.put("a shorter file", honest.body("SIGNED-1\n"));
    attacks.put("no file", honest.body(""));
    attacks.put("GET", honest.method("GET").body(""));
    attacks.put("DELETE", honest.method("DELETE").body(""));
    attacks.put("POST", honest.method("POST"));
    return attacks;
  }

  private static String other(String name, String value) {
    return name.contains("sha256") ? changed(value, "", 0) : value + "x";
  }

  private static String replaced(String url, String pattern, String by) {
    return url.replaceFirst(pattern, by);
  }

  /** With another hexadecimal digit, this many characters after the mark. */
  private static String changed(String text, String mark, int behind) {
    int at = text.indexOf(mark) + behind;
    char digit = text.charAt(at);
    return text.substring(0, at) + (digit == '0' ? '1' : '0') + text.substring(at + 1);
  }

  private static void assertRefused(String what, Set<Integer> expected, Sent attack) {
    var answer = attack.send();
    ATTACKS.row(what, expected.toString(), answer.status());
    assertThat(answer.status()).as("%s: %s", what, answer).isIn(expected);
  }
}
