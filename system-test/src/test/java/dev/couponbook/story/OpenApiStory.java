package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A newcomer reads the description of the API. */
class OpenApiStory {
  /** A method and a path of the description. */
  record Route(String method, String path) {}

  private static final List<Route> CONTRACT =
      List.of(
          new Route("POST", "/coupons"),
          new Route("GET", "/coupons"),
          new Route("GET", "/coupons/{bookId}"),
          new Route("GET", "/coupons/{bookId}/codes/{code}"),
          new Route("GET", "/coupon/{bookId}"),
          new Route("POST", "/coupons/codes"),
          new Route("POST", "/coupons/codes/uploads"),
          new Route("GET", "/coupons/codes/uploads/{uploadId}"),
          new Route("POST", "/coupons/codes/uploads/{uploadId}/cancel"),
          new Route("POST", "/coupons/codes/uploads/{uploadId}/undo"),
          new Route("POST", "/coupons/assign"),
          new Route("POST", "/coupons/assign/{code}"),
          new Route("POST", "/coupons/lock/{code}"),
          new Route("POST", "/coupons/unlock/{code}"),
          new Route("POST", "/coupons/redeem/{code}"),
          new Route("POST", "/coupons/redemptions/{redemptionId}/reverse"),
          new Route("GET", "/requests/{requestId}"),
          new Route("GET", "/health/liveness"),
          new Route("GET", "/health/readiness"));

  private static final Pattern PATH = Pattern.compile("^ {2}(/\\S*):\\s*$");
  private static final Pattern METHOD =
      Pattern.compile("^ {4}(get|post|put|delete|patch|head):\\s*$");

  /** The routes of {@code /openapi.yaml}, read by its indentation. */
  static List<Route> routes(Home home) {
    var routes = new ArrayList<Route>();
    var path = "";
    for (var line : Home.fetch(home.edge() + "/openapi.yaml").lines().toList()) {
      var newPath = PATH.matcher(line);
      var method = METHOD.matcher(line);
      if (newPath.matches()) {
        path = newPath.group(1);
      } else if (method.matches()) {
        routes.add(new Route(method.group(1).toUpperCase(java.util.Locale.ROOT), path));
      }
    }
    return routes;
  }

  @Test
  void the_description_has_every_route_of_the_contract(Home home) {
    assertThat(routes(home)).containsAll(CONTRACT);
    assertThat(Home.fetch(home.edge() + "/openapi.yaml"))
        .startsWith("openapi: 3.0")
        .contains("bearer", "application/problem+json", "Idempotency-Key", "Prefer");
  }

  @Test
  void the_page_of_the_description_needs_no_other_host(Home home) {
    var page = Home.fetch(home.edge() + "/docs");

    assertThat(page).contains("<html");
    var addresses =
        Pattern.compile("(?:src|href)=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map(r -> r.group(1))
            .toList();
    assertThat(addresses).isNotEmpty().allMatch(address -> !address.contains("//"));
    for (var address : addresses) {
      Answer.of(HttpRequest.newBuilder(URI.create(home.edge() + "/docs").resolve(address)).build())
          .is(200);
    }
  }
}
