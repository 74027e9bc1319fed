package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.OpenToAll;
import dev.couponbook.edge.security.Scope;
import io.micronaut.core.type.Argument;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The description of the API is of this program: the same routes, parameters, scopes and codes, no
 * more and no fewer.
 */
class DescriptionTest {
  // Of Java, JavaScript, TypeScript, Python, C#, Go, Kotlin, Swift, PHP, Ruby and Rust. Not the
  // member type of a problem: that is its name in RFC 9457, and libraries know it.
  private static final Set<String> RESERVED =
      Set.of(
          """
          abstract alias and any array as assert associatedtype async await base become begin bool
          boolean box break byte callable case catch chan char checked class clone const continue
          crate debugger decimal declare def default defer defined deinit del delegate delete do
          double dyn echo elif else elseif elsif empty end ensure enum eval event except exit explicit
          export extends extension extern fallthrough false fileprivate final finally fixed float fn
          for foreach from func function global go goto guard if impl implements implicit import in
          include init inout instanceof insteadof int interface internal is isset lambda let list
          lock long loop macro map match mod module move mut namespace native new next nil nonlocal
          not null object open operator or out override package params pass print priv private
          protected protocol pub public raise range readonly redo ref repeat require rescue rethrows
          retry return sbyte sealed select self short sizeof stackalloc static strictfp string struct
          subscript super switch synchronized then this throw throws trait transient true try typealias
          typeof uint ulong unchecked undef union unless unsafe unset unsigned unsized until use ushort
          using val var virtual void volatile when where while with xor yield
          """
              .strip()
              .split("\\s+"));

  private final RunningEdge running = RunningEdge.shared();
  private final Description description = new Description();

  @Test
  void the_description_is_served_as_it_is_written() {
    var served = running.nobody().get("/openapi.yaml");
    assertThat(served.header("Content-Type")).isEqualTo("application/yaml");
    assertThat(served.response().body()).isEqualTo(Description.text());
  }

  @Test
  void running_routes_are_described_routes() {
    var described = new TreeSet<String>();
    description.operations().forEach(operation -> described.add(operation.toString()));
    assertThat(described).isEqualTo(routes().keySet()).hasSize(31);
  }

  @Test
  void a_route_takes_the_path_and_query_parameters_that_are_described() {
    var routes = routes();
    for (var operation : description.operations()) {
      var route = route(routes, operation);
      assertThat(operation.parameters("path").keySet())
          .as("path of %s", operation)
          .isEqualTo(new TreeSet<>(route.getUriMatchTemplate().getVariableNames()));
      var taken = new TreeMap<String, Boolean>();
      for (var argument : route.getTargetMethod().getArguments()) {
        if (argument.getAnnotationMetadata().hasAnnotation(QueryValue.class)) {
          taken.put(argument.getName(), !argument.isDeclaredNullable());
        }
      }
      assertThat(operation.parameters("query")).as("query of %s", operation).isEqualTo(taken);
    }
  }

  @Test
  void a_route_reads_a_body_where_one_is_described() {
    var routes = routes();
    for (var operation : description.operations()) {
      var body =
          Arrays.stream(route(routes, operation).getTargetMethod().getArguments())
              .filter(argument -> argument.getAnnotationMetadata().hasAnnotation(Body.class))
              .findFirst();
      assertThat(operation.bodyRequired())
          .as("body of %s", operation)
          .isEqualTo(body.map(argument -> !argument.isDeclaredNullable()).orElse(null));
    }
  }

  @Test
  void a_route_needs_the_scope_that_is_described() {
    var routes = routes();
    for (var operation : description.operations()) {
      var route = route(routes, operation).getAnnotationMetadata();
      assertThat(operation.needsToken())
          .as("token of %s", operation)
          .isNotEqualTo(route.hasAnnotation(OpenToAll.class));
      route
          .enumValue(NeedsToken.class, Scope.class)
          .ifPresent(scope ->
              assertThat(operation.text().strip())
                  .as("%s", operation)
                  .endsWith("Needs `coupons:" + scope.name().toLowerCase(Locale.ROOT) + "`."));
    }
  }

  @Test
  void every_code_is_listed_and_shown_where_it_can_be_answered() {
    assertThat(description.codes()).isEqualTo(Description.codesOfTheProgram());
    var shown = new TreeSet<String>();
    for (var operation : description.operations()) {
      for (int status : operation.statuses()) {
        shown.addAll(operation.problems(status).keySet());
      }
    }
    Description.BEFORE_ANY_ROUTE.stream().map(ProblemCode::code).forEach(shown::add);
    assertThat(shown).isEqualTo(Description.codesOfTheProgram());
  }

  @Test
  void every_cause_is_listed() {
    assertThat(description.causes()).isEqualTo(Description.causesOfTheProgram());
  }

  @Test
  void the_readme_says_of_every_code_its_statuses_and_causes_and_what_to_do() throws IOException {
    var statuses = new TreeMap<String, TreeSet<Integer>>();
    for (var operation : description.operations()) {
      for (int status : operation.statuses()) {
        operation
            .problems(status)
            .values()
            .forEach(shown ->
                statuses
                    .computeIfAbsent(shown.path("code").asString(), _ -> new TreeSet<>())
                    .add(status));
      }
    }
    Description.BEFORE_ANY_ROUTE.forEach(
        code -> statuses.computeIfAbsent(code.code(), _ -> new TreeSet<>()).add(code.status()));
    var expected = new TreeSet<String>();
    Description.causesByCode()
        .forEach((code, causes) ->
            causes.forEach(cause ->
                expected.add(
                    code
                        + " "
                        + Objects.requireNonNull(statuses.get(code))
                            .toString()
                            .replaceAll("[\\[\\]]", "")
                        + " "
                        + cause)));
    var rows = new TreeSet<String>();
    var row =
        Pattern.compile("\\| `(\\w+)` \\| ([0-9, ]+) \\| `(\\w+)` \\| [^|]{2,} \\| [^|]{5,} \\|");
    for (var line : Files.readAllLines(Path.of("../docs/partner-guide.md"))) {
      var matcher = row.matcher(line);
      if (matcher.matches()) {
        rows.add(matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(3));
      }
    }
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void no_member_has_a_name_that_a_common_language_reserves_without_an_alias() {
    var members = new TreeSet<String>();
    for (var name : description.schemas()) {
      var properties = description.schema(name).path("properties");
      properties.forEachEntry((member, schema) -> {
        if (RESERVED.contains(member)) {
          members.add(member);
          var alias = properties.path(schema.path("x-alias").asString(""));
          assertThat(alias.path("type")).as(name + "." + member).isEqualTo(schema.path("type"));
        }
      });
    }
    assertThat(members).as("the list has words").contains("void", "event", "next");
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
      assertThat(parts.group(1)).as("relative, as there may be a path before").startsWith("docs/");
      assertThat(nobody.get("/" + parts.group(1)).status()).as(parts.group(1)).isEqualTo(200);
      found++;
    }
    assertThat(found).isEqualTo(4);
  }

  @Test
  void the_guide_for_partners_is_a_page_whose_links_lead_somewhere() {
    var nobody = running.nobody();
    var page = nobody.get("/docs/guide");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    var html = page.response().body();
    assertThat(html).contains("<table>").doesNotContain("http://", "https://");
    var links = Pattern.compile("href=\"([^\"]+)\"").matcher(html);
    int found = 0;
    while (links.find()) {
      var link = links.group(1);
      if (link.startsWith("#")) {
        assertThat(html).contains("id=\"" + link.substring(1) + "\"");
      } else {
        var address = page.response().uri().resolve(link);
        assertThat(nobody.get(address.getPath()).status()).as(link).isEqualTo(200);
      }
      found++;
    }
    assertThat(found).isGreaterThan(10);
  }

  private static UriRouteInfo<?, ?> route(
      Map<String, UriRouteInfo<?, ?>> routes, Description.Operation operation) {
    assertThat(routes).containsKey(operation.toString());
    return routes.getOrDefault(operation.toString(), routes.values().iterator().next());
  }

  private Map<String, UriRouteInfo<?, ?>> routes() {
    return routes(running);
  }

  /** The routes that partners and operators call, by method and path. */
  static Map<String, UriRouteInfo<?, ?>> routes(RunningEdge running) {
    var routes = new TreeMap<String, UriRouteInfo<?, ?>>();
    running
        .edge
        .context()
        .getBean(Router.class)
        .uriRoutes()
        .forEach(route -> {
          var path = route.getUriMatchTemplate().toPathString().replaceAll("(?<=\\w):\\[[^}]*", "");
          if (!route.getHttpMethodName().equals("HEAD")
              && !path.equals("/")
              && !path.startsWith("/docs")
              && !path.equals("/openapi.yaml")) {
            routes.put(route.getHttpMethodName() + " " + path, route);
          }
        });
    return routes;
  }

  /** What a route answers with if all goes well; Object if that is not one type. */
  static Argument<?> answer(UriRouteInfo<?, ?> route) {
    var type = route.getReturnType().asArgument();
    return type.getFirstTypeVariable().isPresent() ? type.getFirstTypeVariable().get() : type;
  }
}
