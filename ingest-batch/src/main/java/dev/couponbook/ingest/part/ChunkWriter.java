package dev.couponbook.ingest.part;

import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.load.StagedLoad;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Duplicate;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.FileWarnings;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.load.StagedCodes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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
        load.options().isStaged()
            ? staged(connection, target, block)
            : counts(block, 0, added(connection, target, block));
    RejectedRows.add(connection, load.id(), part, block.rejects());
    FileWarnings.add(connection, load.id(), part, block.warnings());
    var move = new Move(block.from(), block.to(), block.lines(), block.bytes());
    if (!LoadParts.advance(connection, load.id(), part, move, counts)) {
      throw new PartTakenOverException(load.id(), part, block.from());
    }
    meters.chunk(began, counts, block.bytes());
    if (!load.options().isStaged()) {
      CopyCodes.countFree(connection, load.partner(), load.bookId(), (int) counts.accepted());
    }
    if (counts.rejected() > 0) {
      StagedLoad.boundRejects(connection, load);
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

  private Counts staged(Connection connection, Target target, SortedBlock block)
      throws SQLException {
    var staged = StagedCodes.add(connection, target, block.codes());
    var counts = counts(block, staged.duplicatesInLoad(), staged.duplicates());
    if (load.options().failOnDuplicate() && counts.duplicate() > 0) {
      var first = firstDuplicate(block, staged.duplicates());
      if (first == null) {
        CodeLoads.doom(connection, load.id(), StagedLoad.CODE_EXISTS);
      } else {
        CodeLoads.doomForDuplicate(
            connection, load.id(), StagedLoad.CODE_EXISTS, first.text(), first.offset());
      }
    }
    return counts;
  }

  // Null if all of them stand in other blocks of the file.
  private static @Nullable NewCode firstDuplicate(SortedBlock block, List<Duplicate> existing) {
    var codes = existing.stream().map(Duplicate::code).collect(Collectors.toSet());
    return Stream.concat(
            block.duplicates().stream(),
            block.codes().stream().filter(code -> codes.contains(code.text())))
        .min(Comparator.comparingLong(NewCode::offset))
        .orElse(null);
  }

  private Counts counts(SortedBlock block, int duplicatesInLoad, List<Duplicate> duplicates) {
    long accepted = block.codes().size() - duplicates.size() - duplicatesInLoad;
    long duplicate = block.duplicates().size() + duplicates.size() + duplicatesInLoad;
    long rejected = block.rejects().size();
    long inFile = duplicates.stream().filter(found -> found.loadId() == load.id()).count();
    long inOtherBooks =
        duplicates.stream().filter(found -> found.bookId() != load.bookId()).count();
    return new Counts(
        accepted + duplicate + rejected,
        accepted,
        duplicate,
        rejected,
        block.duplicates().size() + duplicatesInLoad + inFile,
        inOtherBooks);
  }
}
