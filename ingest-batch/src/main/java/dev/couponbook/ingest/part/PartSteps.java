package dev.couponbook.ingest.part;

import dev.couponbook.ingest.load.Block;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Makes the step that works on a part: read a block, sort it, write it, with one transaction per
 * block. A step is built anew for each part, so that nothing of one part is left when the next
 * begins.
 */
public final class PartSteps {
  private final JobRepository jobs;
  private final PlatformTransactionManager transactionManager;
  private final DataSource dataSource;
  private final Transactions transactions;
  private final FileStore files;
  private final LoadMeters meters;
  private final int blockRows;
  // Of this process only. It is one number per load, and a wrong guess costs no more than time.
  private final Set<Integer> loadsWithDuplicates = ConcurrentHashMap.newKeySet();

  /**
   * @param dataSource the one whose transactions {@code transactionManager} manages
   * @param blockRows rows that are read, and then committed, together
   */
  public PartSteps(
      JobRepository jobs,
      PlatformTransactionManager transactionManager,
      DataSource dataSource,
      Transactions transactions,
      FileStore files,
      LoadMeters meters,
      int blockRows) {
    this.jobs = jobs;
    this.transactionManager = transactionManager;
    this.dataSource = dataSource;
    this.transactions = transactions;
    this.files = files;
    this.meters = meters;
    this.blockRows = blockRows;
  }

  /**
   * The step for a part of the load.
   *
   * @param name what Spring Batch calls the step
   */
  public Step of(String name, CodeLoad load, int part) {
    // One item per chunk: our block is Spring Batch's item, and a chunk of its own.
    return new StepBuilder(name, jobs)
        .<Block, SortedBlock>chunk(1)
        // Without it the step's own record would not commit with the rows.
        .transactionManager(transactionManager)
        .reader(new PartBlocks(files, transactions, load, part, blockRows))
        .processor(new SortBlock(transactions, load))
        .writer(new ChunkWriter(dataSource, load, part, loadsWithDuplicates, meters))
        .build();
  }
}
