package dev.couponbook.edge.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.read.ReadPartners;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Which partner a client stands for, remembered for less than a minute. */
@Singleton
final class Partners {
  // A disabled partner must be out within 60 s; for that long the others stay in while the
  // database is away.
  private static final Duration KEPT = Duration.ofSeconds(55);
  private static final Duration REFRESHED = Duration.ofSeconds(20);
  private static final int CLIENTS = 10_000; // about 1 MB

  private final LoadingCache<String, PartnerId> byClient;

  @Inject
  Partners(Transactions transactions) {
    this(transactions, Ticker.systemTicker());
  }

  Partners(Transactions transactions, Ticker ticker) {
    this.byClient =
        Caffeine.newBuilder()
            .ticker(ticker)
            .maximumSize(CLIENTS)
            .expireAfterWrite(KEPT)
            .refreshAfterWrite(REFRESHED)
            .executor(command -> Thread.ofVirtual().name("refresh-partner").start(command))
            .build(client -> load(transactions, client));
  }

  // Caffeine does not remember a null: a partner who has just been added must not wait.
  @SuppressWarnings("NullAway")
  private static PartnerId load(Transactions transactions, String client) {
    return transactions.inTransaction(c -> ReadPartners.enabled(c, client)).orElse(null);
  }

  Optional<PartnerId> of(String client) {
    return Optional.ofNullable(byClient.get(client));
  }
}
