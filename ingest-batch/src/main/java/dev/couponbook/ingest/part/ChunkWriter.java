package dev.couponbook.ingest.part;

import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.StagedLoad;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.load.StagedCodes;
import dev.couponbook.store.load.StagedCodes.Staged;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes a chunk in the step's transaction: its codes, rejects, counts and position are committed
 * together with Spring Batch's own record of the step, or not at all. A chunk here is one block; in
 * Spring Batch's words it has one item.
 */
public final class ChunkWriter implements ItemWriter<SortedBlock> {
  private final DataSource dataSource;
  private final CodeLoad load;
  private final int part;
  private final Set<Integer> loadsWithDuplicates;
  private final LoadMeters meters;

  /**
   * @param dataSource the one whose connection the step's transaction uses
   * @param loadsWithDuplicates loads that have met existing codes: their next chunk is likely to
   *     meet some as well
   */
  ChunkWriter(
      DataSource dataSource,
      CodeLoad load,
      int part,
      Set<Integer> loadsWithDuplicates,
      LoadMeters meters) {
    this.loadsWithDuplicates = loadsWithDuplicates;
    this.meters = meters;
    this.dataSource = dataSource;
    this.load = load;
    this.part = part;
  }

  @Override
  public void write(Chunk<? extends SortedBlock> chunk) throws SQLException {
    // The connection on which the step's transaction runs; the transaction gives it back.
    var connection = DataSourceUtils.getConnection(dataSource);
    for (var block : chunk) {
      write(connection, block);
    }
  }

  private void write(Connection connection, SortedBlock block) throws SQLException {
    long began = System.nanoTime();
    var target = new Target(load.partner(), load.bookId(), load.id());
    var counts =
        load.isStaged()
            ? staged(block, StagedCodes.add(connection, target, block.codes()))
            : counts(block, 0, added(connection, target, block));
    RejectedRows.add(connection, load.id(), part, block.rejects());
    var move = new Move(block.from(), block.to(), block.lines(), block.bytes());
    if (!LoadParts.advance(connection, load.id(), part, move, counts)) {
      throw new PartTakenOverException(load.id(), part, block.from());
    }
    meters.chunk(began, counts, block.bytes());
    if (!load.isStaged()) {
      CopyCodes.countFree(connection, load.partner(), load.bookId(), (int) counts.accepted());
    }
    if (load.failOnDuplicate() && counts.duplicate() > 0) {
      CodeLoads.doom(connection, load.id(), StagedLoad.CODE_EXISTS);
    }
  }

  private List<Duplicate> added(Connection connection, Target target, SortedBlock block)
      throws SQLException {
    if (loadsWithDuplicates.contains(load.id())) {
      return CopyCodes.addExpectingDuplicates(connection, target, block.codes(), block.picks());
    }
    var duplicates = CopyCodes.add(connection, target, block.codes(), block.picks());
    if (!duplicates.isEmpty()) {
      loadsWithDuplicates.add(load.id());
    }
    return duplicates;
  }

  private Counts staged(SortedBlock block, Staged staged) {
    return counts(block, staged.duplicatesInLoad(), staged.duplicates());
  }

  private Counts counts(SortedBlock block, int duplicatesInLoad, List<Duplicate> duplicates) {
    long accepted = block.codes().size() - duplicates.size() - duplicatesInLoad;
    long duplicate = block.duplicates() + duplicates.size() + duplicatesInLoad;
    long rejected = block.rejects().size();
    long inFile = duplicates.stream().filter(found -> found.loadId() == load.id()).count();
    long inOtherBooks =
        duplicates.stream().filter(found -> found.bookId() != load.bookId()).count();
    return new Counts(
        accepted + duplicate + rejected,
        accepted,
        duplicate,
        rejected,
        block.duplicates() + duplicatesInLoad + inFile,
        inOtherBooks);
  }
}
