package dev.couponbook.store.batch;

import dev.couponbook.coupon.RequestId;
import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;

/**
 * Tells edges that requests have their outcome, by PostgreSQL's NOTIFY: {@link
 * dev.couponbook.store.read.HearOutcomes} is the other side. It is news and no more: whoever hears
 * it looks the outcome up, and whoever misses it finds the outcome a moment later.
 */
public final class TellOutcomes {
  // A notification has at most 8,000 bytes; an id has 36, and a comma.
  private static final int IDS_OF_ONE = 200;

  private TellOutcomes() {}

  private static final String TELL =
      """
      SELECT pg_notify(address, ids)
      FROM unnest(?::text[], ?::text[]) AS news (address, ids)
      """;

  private record News(String address, String ids) {}

  /**
   * Tells each address of its requests. It must run after the commit, in a transaction of its own:
   * PostgreSQL lets one transaction commit at a time of those that notify, and this one has nothing
   * to write.
   */
  public static void tell(
      Connection connection, Map<String, ? extends Collection<RequestId>> byAddress)
      throws SQLException {
    var news = new ArrayList<News>();
    byAddress.forEach((address, ids) ->
        ids.stream()
            .gather(Gatherers.windowFixed(IDS_OF_ONE))
            .forEach(some -> news.add(new News(address, joined(some)))));
    Sql.of(connection, TELL).texts(news, News::address).texts(news, News::ids).each(_ -> {});
  }

  private static String joined(List<RequestId> ids) {
    return ids.stream().map(RequestId::toString).collect(Collectors.joining(","));
  }
}
