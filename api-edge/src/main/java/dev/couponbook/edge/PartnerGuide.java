package dev.couponbook.edge;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/** The guide for partners as a page, made of {@code docs/partner-guide.md} when first asked for. */
@Singleton
final class PartnerGuide {
  private static final String RESOURCE = "/docs/partner-guide.md";
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  // Where the description is in the repository, and where it is beside the page.
  private static final String IN_REPOSITORY = "../api-edge/src/main/resources/openapi.yaml";
  private static final String BESIDE_PAGE = "../openapi.yaml";
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Couponbook: partner guide</title>
        <style>
          body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
          pre { overflow-x: auto; padding: 0.75rem; background: #f4f4f4; }
          code { font: 0.9em ui-monospace, monospace; }
          table { border-collapse: collapse; }
          th, td { padding: 0.3rem 0.6rem; border: 1px solid #ccc; text-align: left; vertical-align: top; }
        </style>
      </head>
      <body>
      %s</body>
      </html>
      """;

  private byte @Nullable [] made;

  synchronized byte[] page() {
    if (made == null) {
      made = make().getBytes(StandardCharsets.UTF_8);
    }
    return made;
  }

  private static String make() {
    var markdown = new String(DocsController.read(RESOURCE), StandardCharsets.UTF_8);
    var text = Parser.builder().extensions(EXTENSIONS).build().parse(markdown);
    var body = HtmlRenderer.builder().extensions(EXTENSIONS).build().render(text);
    return PAGE.formatted(body.replace(IN_REPOSITORY, BESIDE_PAGE));
  }
}
