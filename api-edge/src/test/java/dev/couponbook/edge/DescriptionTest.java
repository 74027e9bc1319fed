package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.web.router.Router;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The description of the API is of this program: the same routes, no more and no fewer. */
class DescriptionTest {
  private final RunningEdge running = RunningEdge.shared();

  @Test
  void running_routes_are_described_routes() {
    var description = running.nobody().get("/openapi.yaml").response().body();
    var described = new TreeSet<String>();
    var path = "";
    for (var line : description.lines().toList()) {
      if (line.startsWith("  /")) {
        path = line.strip().replaceFirst(":$", "");
      } else if (Pattern.matches("    (get|post|put|delete|patch):", line)) {
        described.add(
            line.strip().replace(":", "").toUpperCase(java.util.Locale.ROOT) + " " + path);
      } else if (line.startsWith("components:")) {
        break;
      }
    }
    var routes = new TreeSet<String>();
    running
        .edge
        .context()
        .getBean(Router.class)
        .uriRoutes()
        .map(route ->
            route.getHttpMethodName()
                + " "
                + route.getUriMatchTemplate().toPathString().replace(":[^/]+", ""))
        .filter(route ->
            !route.startsWith("HEAD") && !route.contains("/docs") && !route.contains("/openapi"))
        .forEach(routes::add);
    assertThat(described).isEqualTo(routes).hasSize(24);
  }

  @Test
  void the_page_needs_nothing_from_outside() {
    var nobody = running.nobody();
    var page = nobody.get("/docs");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(page.response().body()).doesNotContain("http://", "https://", "\"//");
    var parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.response().body());
    int found = 0;
    while (parts.find()) {
      assertThat(nobody.get(parts.group(1)).status()).as(parts.group(1)).isEqualTo(200);
      found++;
    }
    assertThat(found).isEqualTo(4);
  }
}
