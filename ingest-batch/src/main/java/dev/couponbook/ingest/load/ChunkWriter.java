package dev.couponbook.ingest.load;

import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.CopyCodes.Twin;
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
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes a chunk in the step's transaction: codes, rejects, counts and position become true
 * together with Spring Batch's own record of the step, or not at all.
 */
final class ChunkWriter implements ItemWriter<Chunk> {
  static final String CODE_EXISTS =
      "A code of the file exists already, and the upload asked to keep nothing then";

  private final DataSource dataSource;
  private final CodeLoad load;
  private final int part;
  private final Set<Integer> loadsWithTwins;
  private final LoadMeters meters;

  /**
   * @param loadsWithTwins loads that have met codes which exist: their next chunk is likely to meet
   *     some as well
   */
  ChunkWriter(
      DataSource dataSource,
      CodeLoad load,
      int part,
      Set<Integer> loadsWithTwins,
      LoadMeters meters) {
    this.loadsWithTwins = loadsWithTwins;
    this.meters = meters;
    this.dataSource = dataSource;
    this.load = load;
    this.part = part;
  }

  @Override
  public void write(org.springframework.batch.infrastructure.item.Chunk<? extends Chunk> chunks)
      throws SQLException {
    // The connection on which the step's transaction runs; the transaction gives it back.
    var connection = DataSourceUtils.getConnection(dataSource);
    for (var chunk : chunks) {
      write(connection, chunk);
    }
  }

  private void write(Connection connection, Chunk chunk) throws SQLException {
    long began = System.nanoTime();
    var target = new Target(load.partner(), load.bookId(), load.id());
    var counts =
        load.isStaged()
            ? staged(chunk, StagedCodes.add(connection, target, chunk.codes()))
            : counts(chunk, 0, added(connection, target, chunk));
    RejectedRows.add(connection, load.id(), part, chunk.rejects());
    var move = new Move(chunk.from(), chunk.to(), chunk.lines(), chunk.bytes());
    if (!LoadParts.advance(connection, load.id(), part, move, counts)) {
      throw new PartTakenOverException(load.id(), part, chunk.from());
    }
    meters.chunk(began, counts, chunk.bytes());
    if (!load.isStaged()) {
      CopyCodes.countFree(connection, load.partner(), load.bookId(), (int) counts.accepted());
    }
    if (load.failOnDuplicate() && counts.duplicate() > 0) {
      CodeLoads.doom(connection, load.id(), CODE_EXISTS);
    }
  }

  private List<Twin> added(Connection connection, Target target, Chunk chunk) throws SQLException {
    if (loadsWithTwins.contains(load.id())) {
      return CopyCodes.addExpectingTwins(connection, target, chunk.codes(), chunk.picks());
    }
    var twins = CopyCodes.add(connection, target, chunk.codes(), chunk.picks());
    if (!twins.isEmpty()) {
      loadsWithTwins.add(load.id());
    }
    return twins;
  }

  private Counts staged(Chunk chunk, Staged staged) {
    return counts(chunk, staged.twinsInLoad(), staged.twins());
  }

  private Counts counts(Chunk chunk, int twinsInLoad, List<Twin> twins) {
    long accepted = chunk.codes().size() - twins.size() - twinsInLoad;
    long duplicate = chunk.twins() + twins.size() + twinsInLoad;
    long rejected = chunk.rejects().size();
    long inFile = twins.stream().filter(twin -> twin.loadId() == load.id()).count();
    long inOtherBooks = twins.stream().filter(twin -> twin.bookId() != load.bookId()).count();
    return new Counts(
        accepted + duplicate + rejected,
        accepted,
        duplicate,
        rejected,
        chunk.twins() + twinsInLoad + inFile,
        inOtherBooks);
  }
}
