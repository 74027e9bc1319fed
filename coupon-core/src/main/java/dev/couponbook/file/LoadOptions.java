package dev.couponbook.file;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a partner asks of the load of its file.
 *
 * @param failOnDuplicate whether nothing is kept if a single code exists already
 * @param dryRun whether nothing is kept in any case
 * @param expiration of codes that have none of their own; null: they never expire
 * @param maxRejects with more rejected rows than this, nothing is kept; null: no bound
 * @param layout what is stated of the file
 */
public record LoadOptions(
    boolean failOnDuplicate,
    boolean dryRun,
    @Nullable Instant expiration,
    @Nullable Long maxRejects,
    StatedLayout layout) {
  /** Nothing is asked: good rows are kept, whatever the others are. */
  public static final LoadOptions USUAL =
      new LoadOptions(false, false, null, null, StatedLayout.NOTHING);

  /** Whether it is known at the end only if the codes are kept, so that they are staged first. */
  public boolean isStaged() {
    return failOnDuplicate || dryRun || maxRejects != null;
  }
}
