package dev.couponbook.bench;

import dev.couponbook.coupon.BookId;
import dev.couponbook.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Assigns over HTTP, each to a user of its own. */
final class HttpAssigns {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final BenchRun run;
  private final int port;
  private final BookId book;
  private final String users;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param users how their names begin
   */
  HttpAssigns(BenchRun run, BookId book, String users) {
    this(run, run.home().ports().edge(), book, users);
  }

  /**
   * @param port of what answers in the edge's place
   */
  HttpAssigns(BenchRun run, int port, BookId book, String users) {
    this.run = run;
    this.port = port;
    this.book = book;
    this.users = users;
  }

  /** Each waits for its code. */
  RepeatedRequests answered() {
    return requests("Prefer: wait=20\r\n", 200);
  }

  /** Each waits until it is kept. */
  RepeatedRequests accepted() {
    return requests("", 202);
  }

  private RepeatedRequests requests(String preference, int status) {
    var headers =
        "Authorization: Bearer %s\r\nContent-Type: application/json\r\n%s"
            .formatted(run.token(), preference);
    return new RepeatedRequests(
        port,
        () ->
            RawConnection.request(
                "POST", "/coupons/assign", headers, Json.mapper().writeValueAsString(body())),
        status);
  }

  private Map<String, String> body() {
    return Map.of(
        "bookId",
        book.value().toString(),
        "email",
        users + next.incrementAndGet() + "@example.com");
  }

  /** Returns when what was accepted is done; it would be work of the next benchmark's time. */
  void drain() {
    try (var edge = run.edge()) {
      edge.outcome(edge.submit("/coupons/assign", body()), PATIENCE);
    }
  }
}
