package dev.couponbook.local;

import dev.couponbook.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * LocalStack as the cloud, in a container of this home, or one that runs already. Its queues,
 * buckets and schedules are made by its own init script, {@code ready.d/make-resources.py}, from
 * the list that the embedded cloud reads.
 */
public final class LocalStackCloud {
  // It takes nine seconds on a quiet machine; the first start in a new container compiles a
  // good deal.
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private LocalStackCloud() {}

  static void start(HomeDirectory home, HomeFile file, Resources resources, Parts parts) {
    if (file.endpoint() == null) {
      startContainers(home, file, parts);
    }
    if (file.endpoint() != null && file.database() == null) {
      EmbeddedCloud.startDatabase(home, file, parts);
    } else {
      var database = HomeDatabase.of(file);
      database.await(LIMIT);
      database.prepare(file);
    }
    awaitReady(file.sqsUrl());
    refuseMissing(file, resources);
  }

  private static void startContainers(HomeDirectory home, HomeFile file, Parts parts) {
    var project = new ComposeProject(home);
    var settings =
        Map.of(
            "COUPON_POSTGRES_PASSWORD",
            file.password(HomeFile.SUPERUSER),
            "COUPON_POSTGRES_PORT",
            Integer.toString(file.ports().postgres()),
            "COUPON_LOCALSTACK_PORT",
            Integer.toString(file.ports().sqs()));
    AutoCloseable down = () -> project.down(settings);
    parts.own(down);
    project.up(settings, "localstack", "postgres");
  }

  /** Deletes what a home's own containers have kept; does nothing if the home has none. */
  public static void forget(HomeDirectory home) {
    HomeFile.read(home)
        .filter(file -> file.kind() == HomeKind.LOCALSTACK && file.endpoint() == null)
        .ifPresent(_ -> new ComposeProject(home).forget());
  }

  // Its health page answers before the init scripts have run; this page reports on the scripts.
  private static void awaitReady(String endpoint) {
    var deadline = Instant.now().plus(LIMIT);
    try (var http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build()) {
      while (true) {
        var state = initState(http, endpoint);
        if (state.at("/completed/READY").asBoolean(false)) {
          refuseFailedScript(endpoint, state);
          return;
        }
        if (Instant.now().isAfter(deadline)) {
          throw new HomeException(
              "LocalStack at %s was not ready within %d s.".formatted(endpoint, LIMIT.toSeconds()));
        }
        Pause.millis(200);
      }
    }
  }

  private static JsonNode initState(HttpClient http, String endpoint) {
    var request =
        HttpRequest.newBuilder(URI.create(endpoint + "/_localstack/init"))
            .timeout(ANSWER_LIMIT)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      return Json.mapper().readTree(answer.body());
    } catch (IOException | JacksonException notYet) {
      return Json.mapper().createObjectNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while waiting for LocalStack.", e);
    }
  }

  private static void refuseFailedScript(String endpoint, JsonNode state) {
    for (var script : state.path("scripts")) {
      if (script.path("state").asString("").equals("ERROR")) {
        throw new HomeException(
            "LocalStack at %s failed to run %s; its log says why."
                .formatted(endpoint, script.path("name").asString("")));
      }
    }
  }

  private static void refuseMissing(HomeFile file, Resources resources) {
    var missing = resources.missingQueues(SqsClient.of(file));
    if (!missing.isEmpty()) {
      throw new HomeException(
          "LocalStack at %s has no queues %s in %s: start it with the folder localstack/ready.d as its /etc/localstack/init/ready.d."
              .formatted(file.sqsUrl(), missing, file.region()));
    }
  }
}
