package dev.couponbook.ingest.load;

import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import java.util.List;

/**
 * A block made ready for the database.
 *
 * @param codes sorted, each once
 * @param picks a pick number for each of the codes
 * @param twins how many rows of the block were left out because the block has their code earlier
 */
record Chunk(
    long from,
    long to,
    long lines,
    long bytes,
    List<NewCode> codes,
    int[] picks,
    int twins,
    List<RejectedRow> rejects) {}
