package dev.couponbook.cli.load;

import dev.couponbook.cli.edge.EdgeClient;
import dev.couponbook.cli.edge.EdgeClient.Reply;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Pause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Sends a large file to the bucket part by part, and retries a part that breaks off. */
final class UploadParts {
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MILLIS = 500;

  private final EdgeClient edge;

  UploadParts(EdgeClient edge) {
    this.edge = edge;
  }

  void send(Path file, Reply plan) throws IOException {
    long size = Files.size(file);
    long sent = 0;
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var content = FileChannel.open(file);
        var progress = new ProgressLine("uploading")) {
      for (var part : plan.body().path("parts")) {
        send(http, part, bytes(content, sent, part.path("contentLength").asInt()));
        sent += part.path("contentLength").asLong();
        progress.at(100.0 * sent / size, "%,d of %,d KiB".formatted(sent >> 10, size >> 10));
      }
    }
    var completed = edge.post(plan.text("complete"), Map.of());
    if (completed.status() != 200) {
      throw EdgeClient.unexpected("POST " + plan.text("complete"), completed);
    }
  }

  private static ByteBuffer bytes(FileChannel content, long from, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && content.read(bytes, from + bytes.position()) >= 0) {
      // until it is full
    }
    return bytes.flip();
  }

  private static void send(HttpClient http, JsonNode part, ByteBuffer bytes) {
    var request =
        HttpRequest.newBuilder(URI.create(part.path("url").asString("")))
            .PUT(BodyPublishers.ofByteArray(bytes.array(), 0, bytes.limit()))
            .build();
    for (int attempt = 1; ; attempt++) {
      try {
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return;
        }
        if (response.statusCode() < 500 || attempt == ATTEMPTS) {
          throw new CommandFailure(
              ExitCode.FAILED,
              "The bucket answered " + response.statusCode() + ": " + response.body());
        }
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new CommandFailure(
              ExitCode.UNREACHABLE,
              "The file did not reach the bucket, which does not answer: is the home up?"
                  + " ./coupons status",
              e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(ExitCode.DETACHED, "Interrupted.", e);
      }
      Pause.millis(FIRST_PAUSE_MILLIS << attempt);
    }
  }
}
