package dev.couponbook.ingest.load;

import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads.Pulse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The step that works a part off: read a block, sort it, write it, one transaction a block. Built
 * anew for each part, so that nothing of one part is left when the next begins.
 */
public final class PartSteps {
  private final JobRepository jobs;
  private final PlatformTransactionManager transactionManager;
  private final DataSource dataSource;
  private final Transactions transactions;
  private final LoadMeters meters;
  // Of this process; a number each, and a wrong guess costs a little time only.
  private final Set<Integer> loadsWithTwins = ConcurrentHashMap.newKeySet();

  public PartSteps(
      JobRepository jobs,
      PlatformTransactionManager transactionManager,
      DataSource dataSource,
      Transactions transactions,
      LoadMeters meters) {
    this.jobs = jobs;
    this.transactionManager = transactionManager;
    this.dataSource = dataSource;
    this.transactions = transactions;
    this.meters = meters;
  }

  /** Opens the blocks of the part at its position. */
  @FunctionalInterface
  public interface Opener {
    BlockReader open(Pulse pulse) throws IOException;
  }

  public Step of(String name, CodeLoad load, int part, Opener opener) {
    return new StepBuilder(name, jobs)
        .<Block, Chunk>chunk(1) // the block is the chunk
        .transactionManager(
            transactionManager) // else the step's own record would not commit with the rows
        .reader(new PartBlocks(transactions, load, opener))
        .processor(new SortBlock(transactions, load))
        .writer(new ChunkWriter(dataSource, load, part, loadsWithTwins, meters))
        .build();
  }
}
