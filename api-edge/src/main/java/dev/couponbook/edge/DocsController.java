package dev.couponbook.edge;

import dev.couponbook.edge.problem.ProblemException;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.edge.security.OpenToAll;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The description of the API as it is written, a page that shows it, and the guide for partners.
 * All come from this program, and the pages load nothing from outside.
 */
@Controller
@OpenToAll
@ExecuteOn(TaskExecutors.VIRTUAL)
final class DocsController {
  private static final String DOCS = "/docs/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
          + " style-src 'self' 'unsafe-inline'";

  /** The files of the page; what is not listed is not there. */
  private static final Map<String, Page> PAGES =
      Map.of(
          "docs.js", new Page(DOCS + "docs.js", "text/javascript"),
          "swagger-ui.css", new Page(DOCS + "swagger-ui.css", "text/css"),
          "swagger-ui-bundle.js", new Page(DOCS + "swagger-ui-bundle.js", "text/javascript"),
          "favicon-32x32.png", new Page(DOCS + "favicon-32x32.png", "image/png"));

  private record Page(String resource, String type) {}

  // As it stands in the description.
  private static final String ROOT_SERVER = "servers:\n  - url: /\n";

  private final PublicBase base;
  private final PartnerGuide guide;

  DocsController(PublicBase base, PartnerGuide guide) {
    this.base = base;
    this.guide = guide;
  }

  /** The page, for whoever opens the address of the service in a browser. */
  @Get
  @Produces(MediaType.ALL)
  HttpResponse<?> start() {
    var docs = base.equals(PublicBase.ROOT) ? "docs" : base.link("/docs");
    return HttpResponse.status(HttpStatus.FOUND).header(HttpHeaders.LOCATION, docs);
  }

  /** The description, with the address under which this edge is reached as its server. */
  @Get("/openapi.yaml")
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> openApi() {
    var written = new String(read("/openapi.yaml"), StandardCharsets.UTF_8);
    var served = base.equals(PublicBase.ROOT) ? written : written.replace(ROOT_SERVER, server());
    return show(served.getBytes(StandardCharsets.UTF_8), "application/yaml");
  }

  private String server() {
    return ROOT_SERVER.replace("/", base.link(""));
  }

  @Get("/docs")
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> docs() {
    return show(read(DOCS + "index.html"), "text/html; charset=utf-8");
  }

  @Get("/docs/{file}")
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> file(String file) {
    var page = PAGES.get(file);
    if (page == null) {
      throw ProblemException.notFound();
    }
    return show(read(page.resource), page.type);
  }

  @Get("/docs/guide")
  @Produces(MediaType.ALL)
  HttpResponse<byte[]> guide() {
    return show(guide.page(), "text/html; charset=utf-8");
  }

  private static HttpResponse<byte[]> show(byte[] page, String type) {
    return HttpResponse.ok(page)
        .contentType(type)
        .header(HttpHeaders.CACHE_CONTROL, "max-age=300")
        .header("Content-Security-Policy", POLICY);
  }

  /** A file that is part of the program. */
  static byte[] read(String resource) {
    try (var stream = DocsController.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is not in the program");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
