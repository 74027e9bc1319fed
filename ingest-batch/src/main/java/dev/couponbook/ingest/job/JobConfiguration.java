package dev.couponbook.ingest.job;

import dev.couponbook.ingest.generate.GenerationPlan;
import dev.couponbook.ingest.generate.GenerationReport;
import dev.couponbook.ingest.generate.LoadListener;
import dev.couponbook.ingest.generate.ParkDeadLoads;
import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.load.Heartbeat;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.ingest.part.PartSteps;
import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.ingest.upload.FilePlan;
import dev.couponbook.ingest.upload.FileReport;
import dev.couponbook.ingest.upload.RetryDeadUploads;
import dev.couponbook.ingest.upload.UploadListener;
import dev.couponbook.postgres.Transactions;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.batch.core.configuration.BatchConfigurationException;
import org.springframework.batch.core.configuration.support.JdbcDefaultBatchConfiguration;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.infrastructure.support.DatabaseType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Isolation;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Spring Batch on our database, the jobs, and what starts them and works on them. */
@Configuration(proxyBeanMethods = false)
@Import(LoadJobs.class)
public class JobConfiguration extends JdbcDefaultBatchConfiguration {
  private final DataSource dataSource;
  private final PlatformTransactionManager transactionManager;

  JobConfiguration(DataSource dataSource, PlatformTransactionManager transactionManager) {
    this.dataSource = dataSource;
    this.transactionManager = transactionManager;
  }

  @Override
  protected DataSource getDataSource() {
    return dataSource;
  }

  @Override
  protected PlatformTransactionManager getTransactionManager() {
    return transactionManager;
  }

  // Otherwise the database would be asked, and programs start in any order.
  @Override
  protected String getDatabaseType() {
    return DatabaseType.POSTGRES.name();
  }

  @Override
  protected String getTablePrefix() {
    return "batch.BATCH_";
  }

  // Room for a whole stack trace: its cause is at its end.
  @Override
  protected int getMaxVarCharLength() {
    return 20_000;
  }

  // The default, serializable, fails if loads begin at the same time. The lease of a load makes
  // it unnecessary.
  @Override
  protected Isolation getIsolationLevelForCreate() {
    return Isolation.READ_COMMITTED;
  }

  // No Java serialization: what comes from a database is input.
  @Override
  protected ExecutionContextSerializer getExecutionContextSerializer() {
    return new JacksonExecutionContextStringSerializer();
  }

  // Spring Batch's own bean wraps each call in a transaction; ours runs a whole job in one call.
  @Bean
  @Override
  public JobOperator jobOperator(JobRepository jobs) {
    var operator = new TaskExecutorJobOperator();
    operator.setJobRepository(jobs);
    operator.setJobRegistry(getJobRegistry());
    operator.setTaskExecutor(new SyncTaskExecutor());
    try {
      operator.afterPropertiesSet();
    } catch (Exception e) {
      throw new BatchConfigurationException(e);
    }
    return operator;
  }

  @Bean
  RunningSteps runningSteps() {
    return new RunningSteps();
  }

  @Bean
  Heartbeat heartbeat(LoadMeters meters) {
    return new Heartbeat(meters);
  }

  @Bean
  PartSteps partSteps(
      JobRepository jobs,
      Transactions transactions,
      FileStore files,
      LoadMeters meters,
      IngestSettings settings) {
    return new PartSteps(
        jobs, transactionManager, dataSource, transactions, files, meters, settings.blockRows());
  }

  @Bean
  SendParts sendParts(SqsTemplate sqs, IngestSettings settings, Transactions transactions) {
    return new SendParts(
        sqs,
        settings.partitions(),
        transactions,
        settings.partsInFlight(),
        SendParts.SEND_AGAIN_AFTER);
  }

  @Bean
  FilePlan filePlan(
      FileStore files, Transactions transactions, LoadMeters meters, IngestSettings settings) {
    return new FilePlan(files, transactions, meters, settings.blockRows());
  }

  @Bean
  FileReport fileReport(FileStore files, Transactions transactions) {
    return new FileReport(files, transactions);
  }

  @Bean
  GenerationPlan generationPlan(Transactions transactions, IngestSettings settings) {
    return new GenerationPlan(transactions, settings.blockRows());
  }

  @Bean
  GenerationReport generationReport(FileStore files, Transactions transactions) {
    return new GenerationReport(files, transactions);
  }

  @Bean(destroyMethod = "close")
  LoadLeases loadLeases(IngestSettings settings) {
    var unpooled = new PGSimpleDataSource();
    unpooled.setUrl(settings.database().url());
    unpooled.setUser(settings.database().user());
    unpooled.setPassword(settings.database().password());
    // pg_stat_activity shows who leads.
    unpooled.setApplicationName("ingest-batch leads, pid " + ProcessHandle.current().pid());
    unpooled.setConnectTimeout(5);
    unpooled.setSocketTimeout(30);
    unpooled.setTcpKeepAlive(true);
    return new LoadLeases(unpooled);
  }

  @Bean(destroyMethod = "")
  LoadSupervisor loadSupervisor(
      Transactions transactions,
      JobRepository jobs,
      JobOperator operator,
      Job importJob,
      Job generateJob,
      LoadLeases leases,
      RunningSteps running,
      IngestSettings settings) {
    return new LoadSupervisor(
        transactions,
        jobs,
        operator,
        importJob,
        generateJob,
        leases,
        running,
        settings.jobs(),
        LoadSupervisor.Retries.USUAL,
        settings.round());
  }

  @Bean
  OrderlyEnd orderlyEnd(LoadSupervisor supervisor, RunningSteps running) {
    return new OrderlyEnd(supervisor, running);
  }

  @Bean
  UploadListener uploadListener(
      FileStore files, Transactions transactions, LoadSupervisor supervisor) {
    return new UploadListener(files, transactions, supervisor::wake);
  }

  @Bean
  RetryDeadUploads retryDeadUploads(
      SqsAsyncClient sqs, IngestSettings settings, UploadListener uploads) {
    return new RetryDeadUploads(sqs, settings, uploads);
  }

  @Bean
  LoadListener loadListener(
      Transactions transactions, Heartbeat heartbeat, LoadSupervisor supervisor) {
    return new LoadListener(transactions, heartbeat, supervisor::wake);
  }

  @Bean
  ParkDeadLoads parkDeadLoads(
      SqsAsyncClient sqs, IngestSettings settings, Transactions transactions) {
    return new ParkDeadLoads(sqs, settings, transactions);
  }

  @Bean
  PartListener partListener(
      JobRepository jobs,
      Transactions transactions,
      PartSteps steps,
      RunningSteps running,
      Heartbeat heartbeat,
      LoadMeters meters) {
    return new PartListener(jobs, transactions, steps, running, heartbeat, meters);
  }
}
