package dev.couponbook.bench.direct;

import dev.couponbook.json.Json;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The three calls of a checkout, with the edge's paths and bodies, each in one transaction. */
@Controller("/coupons")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class DirectController {
  private final DataSource database;
  private final Partner partner;
  private final Map<UUID, Book> books = new ConcurrentHashMap<>();

  /** The only partner that is served. */
  record Partner(int id) {}

  private record Book(int number, int picks) {}

  /** Work on a connection, whose transaction is committed afterwards. */
  @FunctionalInterface
  private interface Work {
    @Nullable String on(Connection connection) throws SQLException;
  }

  DirectController(DataSource database, Partner partner) {
    this.database = database;
    this.partner = partner;
  }

  @Post("/assign")
  HttpResponse<String> assign(@Body String body) throws SQLException {
    var request = Json.mapper().readTree(body);
    var email = email(request);
    return answer(connection -> {
      var book = book(connection, UUID.fromString(request.path("bookId").asString()));
      try (var assign = connection.prepareStatement(HandStatements.ASSIGN)) {
        assign.setInt(1, book.number());
        assign.setInt(2, ThreadLocalRandom.current().nextInt(Math.max(1, book.picks() / 2)));
        assign.setInt(3, book.number());
        assign.setString(4, email);
        assign.setString(5, email);
        assign.setObject(6, UUID.randomUUID());
        return first(assign);
      }
    });
  }

  @Post("/lock/{code}")
  HttpResponse<String> lock(@PathVariable String code, @Body String body) throws SQLException {
    var email = email(Json.mapper().readTree(body));
    return answer(connection -> {
      try (var lock = connection.prepareStatement(HandStatements.LOCK)) {
        lock.setInt(1, partner.id());
        lock.setString(2, code);
        lock.setString(3, email);
        lock.setString(4, UUID.randomUUID().toString());
        lock.setObject(5, UUID.randomUUID());
        return first(lock);
      }
    });
  }

  @Post("/redeem/{code}")
  HttpResponse<String> redeem(@PathVariable String code, @Body String body) throws SQLException {
    Json.mapper().readTree(body);
    return answer(connection -> {
      try (var redeem = connection.prepareStatement(HandStatements.REDEEM);
          var endLock = connection.prepareStatement(HandStatements.END_LOCK)) {
        redeem.setInt(1, partner.id());
        redeem.setString(2, code);
        redeem.setObject(3, UUID.randomUUID());
        var redeemed = first(redeem);
        endLock.setInt(1, partner.id());
        endLock.setString(2, code);
        endLock.executeUpdate();
        return redeemed;
      }
    });
  }

  private static String email(JsonNode request) {
    return request.path("email").asString();
  }

  private Book book(Connection connection, UUID id) throws SQLException {
    var known = books.get(id);
    if (known != null) {
      return known;
    }
    try (var select = connection.prepareStatement(HandStatements.BOOK)) {
      select.setObject(1, id);
      var row = select.executeQuery();
      row.next();
      var book = new Book(row.getInt(1), row.getInt(2));
      books.put(id, book);
      return book;
    }
  }

  private static @Nullable String first(PreparedStatement statement) throws SQLException {
    var row = statement.executeQuery();
    return row.next() ? row.getString(1) : null;
  }

  private HttpResponse<String> answer(Work work) throws SQLException {
    try (var connection = database.getConnection()) {
      var answer = work.on(connection);
      connection.commit();
      return answer == null ? HttpResponse.badRequest("{}") : HttpResponse.ok(answer);
    }
  }
}
