package dev.couponbook.edge.route;

import dev.couponbook.program.Environment;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where partners reach the edge, if that is not the root of the host that they call: behind a proxy
 * that serves it under a path, or under a stage of API Gateway. Every address that the edge gives
 * out begins with it, and requests are answered with the path in front of them as without it,
 * because some proxies cut it off and some do not.
 *
 * @param address what a path is appended to; empty: the root of whatever host was called
 * @param path the path of the address; empty: the root
 */
public record PublicBase(String address, String path) {
  private static final String NAME = "COUPON_EDGE_PUBLIC_URL";
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*/?");

  public static final PublicBase ROOT = new PublicBase("", "");

  /**
   * @throws Environment.BadSettingException if it is neither an address nor a path
   */
  public static PublicBase from(Environment environment) {
    var text = environment.find(NAME);
    if (text == null) {
      return ROOT;
    }
    var path = path(text);
    if (path == null || !PATH.matcher(path).matches()) {
      throw new Environment.BadSettingException(
          NAME + " must be an address or a path, as in https://api.example.com/prod or /prod");
    }
    return new PublicBase(withoutSlash(text), withoutSlash(path));
  }

  // The path of an address that has nothing behind it; null: it is none.
  private static @Nullable String path(String text) {
    if (text.startsWith("/")) {
      return text;
    }
    try {
      var uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
          ? uri.getRawPath()
          : null;
    } catch (URISyntaxException notAnAddress) {
      return null;
    }
  }

  private static String withoutSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** The address of one of our paths, for whoever is outside. */
  public String link(String ownPath) {
    return address + ownPath;
  }

  /** Our own path and query, whether or not the public path stands in front of them. */
  public String own(String target) {
    if (path.isEmpty() || !target.startsWith(path)) {
      return target;
    }
    var rest = target.substring(path.length());
    if (rest.isEmpty() || rest.startsWith("?")) {
      return "/" + rest;
    }
    return rest.startsWith("/") ? rest : target;
  }
}
