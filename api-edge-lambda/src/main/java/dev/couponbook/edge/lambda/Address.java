package dev.couponbook.edge.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.couponbook.edge.route.PublicBase;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Where an event goes. An HTTP API hands over the path percent-decoded, though it is named {@code
 * rawPath}, and the query as it was sent. Before the path it puts the stage, unless that is the
 * default one, or the base path of the domain that was called.
 */
final class Address {
  private static final String DEFAULT_STAGE = "$default";

  private Address() {}

  static URI of(APIGatewayV2HTTPEvent event, PublicBase base) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    parameters(event)
        .forEach((name, values) ->
            values.forEach(value -> query.add(encoded(name) + "=" + encoded(value))));
    return URI.create(encoded(path(event, base)).replace("%2F", "/") + query);
  }

  private static String path(APIGatewayV2HTTPEvent event, PublicBase base) {
    var stage = event.getRequestContext().getStage();
    boolean isNamed = stage != null && !stage.equals(DEFAULT_STAGE);
    var path = event.getRawPath();
    var own = isNamed ? new PublicBase("", "/" + stage).own(path) : path;
    return own.equals(path) ? base.own(path) : own;
  }

  /** The values of each parameter, in the order of the query. */
  static Map<String, List<String>> parameters(APIGatewayV2HTTPEvent event) {
    var parameters = new LinkedHashMap<String, List<String>>();
    for (var pair : query(event).split("&")) {
      var parts = pair.split("=", 2);
      if (!parts[0].isEmpty()) {
        parameters
            .computeIfAbsent(decoded(parts[0]), _ -> new ArrayList<>())
            .add(parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return parameters;
  }

  private static String query(APIGatewayV2HTTPEvent event) {
    return event.getRawQueryString() == null ? "" : event.getRawQueryString();
  }

  // Never a plus: a reader that decodes paths like queries would turn it into a space.
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  // Text that is not properly encoded is taken as it is, and refused if it is no valid value.
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
