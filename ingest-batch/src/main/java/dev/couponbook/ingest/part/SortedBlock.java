package dev.couponbook.ingest.part;

import dev.couponbook.file.CountedWarning;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.util.List;

/**
 * A block made ready for the database: what a chunk writes and commits.
 *
 * @param from the part's position before the block
 * @param to the part's position after it
 * @param lines how many lines of a file the block has, empty ones included
 * @param bytes how many bytes of the object were read for it
 * @param codes sorted, without duplicates
 * @param picks a pick number for each of the codes; none if the load is staged
 * @param duplicates rows that were left out because an earlier row of the block has the same code
 * @param warnings codes that look like mistakes, counted
 */
record SortedBlock(
    long from,
    long to,
    long lines,
    long bytes,
    List<NewCode> codes,
    int[] picks,
    List<NewCode> duplicates,
    List<RejectedRow> rejects,
    List<CountedWarning> warnings) {}
