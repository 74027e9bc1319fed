package dev.couponbook.edge.database;

/**
 * How many connections to PostgreSQL an edge has.
 *
 * @param most at once
 * @param idle kept open while nobody asks
 */
public record PoolSize(int most, int idle) {
  /** Of a server: a read takes well under a millisecond, so these serve thousands a second. */
  public static final PoolSize SERVER = new PoolSize(10, 10);

  /**
   * Of a function, which has one request at a time: one connection for it and one for who waits.
   * None is opened before it is needed, as no connection outlives a snapshot.
   */
  public static final PoolSize FUNCTION = new PoolSize(2, 0);
}
