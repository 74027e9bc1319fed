package dev.couponbook.chaos;

import java.util.Locale;

/** What is done to a load while it runs. */
enum Fault {
  /** Nothing: how long a load takes by itself. */
  NONE,
  /** kill -9 of the process that leads the load, once. */
  LEADER,
  /** kill -9 of the process that only works for it, once. */
  HELPER,
  /** kill -9 of both processes at once. */
  BOTH,
  /** kill -9 of the one, the other or both, many times, in several loads. */
  ANY,
  /** SIGSTOP of the helper for longer than its parts stay invisible, then SIGCONT. */
  FROZEN_HELPER,
  /** The same of the leader. */
  FROZEN_LEADER,
  /** PostgreSQL stopped at once (SIGQUIT), and the local cloud with it. */
  POSTGRES,
  /** kill -9 of the queue and the bucket. */
  CLOUD,
  /** No space left for PostgreSQL's index of codes; needs a small disk. */
  DISK_FULL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
