package dev.couponbook.cli.edge;

import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The API as a partner meets it: HTTP, a token, 202 and polling. */
public final class EdgeClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int WAIT_SECONDS = 20;
  private static final long POLL_MILLIS = 250;

  /** An edge that cannot reach its queue says 503; the client retries for this long. */
  private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

  private static final long BUSY_MILLIS = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .proxy(HttpClient.Builder.NO_PROXY)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private final String edge;
  private final String token;

  public EdgeClient(String edge, String token) {
    this.edge = edge;
    this.token = token;
  }

  /** An answer of the edge. */
  public record Reply(int status, JsonNode body) {
    public String text(String member) {
      return body.path(member).asString("");
    }

    /** The sentence of a refusal. */
    public String error() {
      return text("error");
    }

    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  public Reply get(String path) {
    return exchange("GET", path, null, Map.of());
  }

  /** Sends a command and gives the request's id at once. */
  public String submit(String path, Map<String, ?> body) {
    var reply = post(path, body, Map.of());
    if (reply.status() != 202) {
      throw unexpected("POST " + path, reply);
    }
    return reply.text("requestId");
  }

  /** Sends a command and waits for its outcome, however long that takes up to the limit. */
  public Reply command(String path, Map<String, ?> body, Duration limit) {
    var reply = post(path, body, Map.of("Prefer", "wait=" + WAIT_SECONDS));
    return reply.status() == 202 ? outcome(reply.text("requestId"), limit) : reply;
  }

  public Reply command(String path, Map<String, ?> body) {
    return command(path, body, Duration.ofSeconds(60));
  }

  /** The outcome of a request, polled. */
  public Reply outcome(String requestId, Duration limit) {
    var deadline = Instant.now().plus(limit);
    while (true) {
      var request = request(requestId);
      if (isFinished(request)) {
        var outcome = request.body().path("outcome");
        return new Reply(outcome.path("status").asInt(0), outcome.path("body"));
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CommandFailure(
            ExitCode.WAIT_TIMED_OUT,
            "Request "
                + requestId
                + " is still "
                + request.text("status")
                + " after "
                + limit.toSeconds()
                + " s.");
      }
      Pause.millis(POLL_MILLIS);
    }
  }

  /** The state of a request. */
  Reply request(String requestId) {
    var reply = get("/requests/" + requestId);
    if (reply.status() != 200) {
      throw unexpected("GET /requests/" + requestId, reply);
    }
    return reply;
  }

  static boolean isFinished(Reply request) {
    return request.text("status").equals("succeeded") || request.text("status").equals("failed");
  }

  /** The text behind a link of an answer, following a redirect to the bucket. */
  public String download(String link) {
    var response =
        send(
            HttpRequest.newBuilder(URI.create(edge).resolve(link))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .build());
    if (response.statusCode() == 303) {
      // The bucket has its own signature in the URL, and refuses a second one in a header.
      var location = response.headers().firstValue("Location").orElse("");
      response = send(HttpRequest.newBuilder(URI.create(edge).resolve(location)).build());
    }
    if (response.statusCode() != 200) {
      throw new CommandFailure(
          ExitCode.FAILED, "The link " + link + " was answered " + response.statusCode() + ".");
    }
    return response.body();
  }

  public Reply post(String path, Map<String, ?> body) {
    return post(path, body, Map.of());
  }

  // 503 means "not now", but the request may have been accepted: the key makes a retry safe.
  private Reply post(String path, Map<String, ?> body, Map<String, String> wishes) {
    var headers = new HashMap<>(wishes);
    headers.put("Idempotency-Key", UUID.randomUUID().toString());
    var deadline = Instant.now().plus(BUSY_LIMIT);
    boolean told = false;
    while (true) {
      var reply = exchange("POST", path, body, headers);
      if (reply.status() != 503 || Instant.now().isAfter(deadline)) {
        return reply;
      }
      if (!told) {
        System.err.printf(
            "  the API is there, but lacks something (%s); trying for %d s: ./coupons status%n",
            reply.error(), BUSY_LIMIT.toSeconds());
        told = true;
      }
      Pause.millis(BUSY_MILLIS);
    }
  }

  public static CommandFailure unexpected(String call, Reply reply) {
    return new CommandFailure(
        exitCode(reply.status()),
        call
            + " was answered "
            + reply.status()
            + ": "
            + (reply.error().isEmpty() ? reply.body().toString() : reply.error()));
  }

  private static int exitCode(int status) {
    if (status == 503) {
      return ExitCode.UNREACHABLE;
    }
    return status >= 500 ? ExitCode.FAILED : ExitCode.REFUSED;
  }

  private Reply exchange(
      String method, String path, @Nullable Map<String, ?> body, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create(edge + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json");
    headers.forEach(request::header);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    request.method(method, body == null ? BodyPublishers.noBody() : json(body));
    return reply(send(request.build()));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The API at " + edge + " does not answer: is the home up? ./coupons status",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
    }
  }

  private static BodyPublisher json(Map<String, ?> body) {
    return BodyPublishers.ofString(Json.mapper().writeValueAsString(body));
  }

  private static Reply reply(HttpResponse<String> response) {
    try {
      var text = response.body().isBlank() ? "{}" : response.body();
      return new Reply(response.statusCode(), Json.mapper().readTree(text));
    } catch (JacksonException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The edge answered " + response.statusCode() + " without JSON.", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
