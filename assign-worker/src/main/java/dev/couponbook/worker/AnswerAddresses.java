package dev.couponbook.worker;

import dev.couponbook.coupon.RequestId;
import dev.couponbook.postgres.DatabaseException;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.batch.TellOutcomes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which edge awaits the outcome of which request that this worker has in hand, and tells it as soon
 * as the outcome is committed. An edge that is not told finds out by itself.
 */
final class AnswerAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerAddresses.class);

  private final Transactions transactions;
  private final Map<RequestId, String> addresses = new ConcurrentHashMap<>();

  AnswerAddresses(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Remembers who awaits these, until they are forgotten. */
  void remember(String address, Collection<RequestId> requests) {
    requests.forEach(request -> addresses.put(request, address));
  }

  void forget(Collection<RequestId> requests) {
    requests.forEach(addresses::remove);
  }

  /** Tells those who await one of these; to be called when they are committed. */
  void tell(Collection<RequestId> settled) {
    var news = new HashMap<String, List<RequestId>>();
    for (var request : settled) {
      var address = addresses.get(request);
      if (address != null) {
        news.computeIfAbsent(address, _ -> new ArrayList<>()).add(request);
      }
    }
    if (news.isEmpty()) {
      return;
    }
    try {
      transactions.alone(connection -> TellOutcomes.tell(connection, news));
    } catch (DatabaseException e) {
      LOG.info("edges were not told of {} outcomes: {}", settled.size(), e.getMessage());
    }
  }
}
