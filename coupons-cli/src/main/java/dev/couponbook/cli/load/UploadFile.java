package dev.couponbook.cli.load;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.edge.EdgeClient.Reply;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Uploads a file as a partner does: asks for a URL, puts the file there, watches the import. */
public final class UploadFile {
  private static final long POLL_MILLIS = 250;

  /** The HTTP client sets these itself, from the body and the URL. */
  private static final Set<String> CLIENT_HEADERS = Set.of("content-length", "host");

  private final EdgeClient edge;

  public UploadFile(EdgeClient edge) {
    this.edge = edge;
  }

  /** What a partner may ask of an import. */
  public record Wishes(
      @Nullable String onDuplicate,
      boolean dryRun,
      @Nullable String expiration,
      @Nullable Long maxRejects,
      Map<String, @Nullable Object> layout) {
    public static final Wishes NONE = new Wishes(null, false, null, null, Map.of());
  }

  /**
   * @return the upload's id
   */
  public String put(Path file, String bookId, Wishes wishes) throws IOException {
    var reply = edge.post("/coupons/codes/uploads", request(file, bookId, wishes));
    if (reply.status() != 201) {
      throw EdgeClient.unexpected("POST /coupons/codes/uploads", reply);
    }
    if (reply.body().has("parts")) {
      new UploadParts(edge).send(file, reply);
    } else {
      send(file, reply);
    }
    return reply.text("uploadId");
  }

  private static Map<String, Object> request(Path file, String bookId, Wishes wishes)
      throws IOException {
    var request = new LinkedHashMap<String, Object>();
    request.put("bookId", bookId);
    request.put("fileName", file.getFileName().toString());
    request.put("contentLength", Files.size(file));
    if (wishes.onDuplicate() != null) {
      request.put("onDuplicate", wishes.onDuplicate());
    }
    if (wishes.dryRun()) {
      request.put("dryRun", true);
    }
    if (wishes.expiration() != null) {
      request.put("expiration", wishes.expiration());
    }
    if (wishes.maxRejects() != null) {
      request.put("maxRejects", wishes.maxRejects());
    }
    if (!wishes.layout().isEmpty()) {
      request.put("layout", wishes.layout());
    }
    return request;
  }

  private static void send(Path file, Reply plan) throws IOException {
    long size = Files.size(file);
    var sent = new AtomicLong();
    var request =
        HttpRequest.newBuilder(URI.create(plan.text("url")))
            .method(
                plan.text("method"),
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> counted(file, sent)), Math.max(size, 1)));
    if (size == 0) {
      request.method(plan.text("method"), BodyPublishers.noBody());
    }
    for (var header : plan.body().path("headers").properties()) {
      if (!CLIENT_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        request.header(header.getKey(), header.getValue().asString());
      }
    }
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var progress = new ProgressLine("uploading")) {
      var answer = http.sendAsync(request.build(), BodyHandlers.ofString());
      while (!answer.isDone()) {
        progress.at(
            size == 0 ? 100 : 100.0 * sent.get() / size,
            "%,d of %,d KiB".formatted(sent.get() >> 10, size >> 10));
        Pause.millis(50);
      }
      var response = arrived(answer);
      if (response.statusCode() != 200) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "The bucket answered " + response.statusCode() + ": " + response.body());
      }
    }
  }

  private static HttpResponse<String> arrived(CompletableFuture<HttpResponse<String>> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The file did not reach the bucket, which does not answer: is the home up?"
              + " ./coupons status",
          e);
    }
  }

  private static InputStream counted(Path file, AtomicLong sent) {
    try {
      return new FilterInputStream(Files.newInputStream(file)) {
        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
          int read = super.read(buffer, from, length);
          sent.addAndGet(Math.max(0, read));
          return read;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Watches the import to its end. */
  public LoadReport follow(String uploadId, Duration limit) {
    var deadline = Instant.now().plus(limit);
    try (var progress = new ProgressLine("importing")) {
      while (true) {
        var load = state(uploadId);
        progress.at(load, "");
        if (load.isOver()) {
          return load;
        }
        if (Instant.now().isAfter(deadline)) {
          throw new CommandFailure(
              ExitCode.WAIT_TIMED_OUT,
              "The import is still "
                  + load.state()
                  + " after "
                  + limit.toSeconds()
                  + " s; it continues.");
        }
        Pause.millis(POLL_MILLIS);
      }
    }
  }

  LoadReport state(String uploadId) {
    var reply = edge.get("/coupons/codes/uploads/" + uploadId);
    if (reply.status() != 200) {
      throw EdgeClient.unexpected("GET /coupons/codes/uploads/" + uploadId, reply);
    }
    return LoadReport.of(reply.body());
  }
}
