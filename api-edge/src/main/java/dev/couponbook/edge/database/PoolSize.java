package dev.couponbook.edge.database;

/**
 * How many connections to PostgreSQL an edge has.
 *
 * @param most connections at once
 * @param idle connections kept open while there are no requests
 * @param listens whether one more stays open, over which the edge hears of outcomes
 */
public record PoolSize(int most, int idle, boolean listens) {
  /** For a server: a read takes well under a millisecond, so ten serve thousands per second. */
  public static final PoolSize SERVER = new PoolSize(10, 10, true);

  /**
   * For a function, which has one request at a time: one connection for the request and one for the
   * waiting room. None is opened before it is needed, because no connection outlives a snapshot,
   * and none listens, because a function that answers nobody is frozen.
   */
  public static final PoolSize FUNCTION = new PoolSize(2, 0, false);
}
