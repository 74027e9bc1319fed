package dev.couponbook.ingest.job;

import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.InvalidJobParametersException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Spring Batch over a test's database, configured as in the program, without the program. */
final class BatchSlice {
  final DataSource dataSource;
  final JdbcTransactionManager transactionManager;
  final JobRepository jobs;

  BatchSlice(TestDatabase database) {
    dataSource = database.as("coupon_ingest");
    transactionManager = new JdbcTransactionManager(dataSource);
    var configuration = new JobConfiguration(dataSource, transactionManager);
    jobs = configuration.jobRepository();
  }

  /** What starts these jobs in one process. */
  JobOperator operator(Job... known) {
    var context = new GenericApplicationContext();
    for (var job : known) {
      context.registerBean(job.getName(), Job.class, () -> job);
    }
    context.refresh();
    var configuration = new JobConfiguration(dataSource, transactionManager);
    configuration.setApplicationContext(context);
    return configuration.jobOperator(jobs);
  }

  /** What a step of a test does. */
  @FunctionalInterface
  interface Work {
    void run(StepExecution step) throws Exception;
  }

  /** A real job of one step. */
  Job job(String name, RunningSteps running, Work work) {
    var step =
        new StepBuilder("work", jobs)
            .tasklet(
                (contribution, context) -> {
                  work.run(contribution.getStepExecution());
                  return RepeatStatus.FINISHED;
                },
                new ResourcelessTransactionManager())
            .listener(running)
            .build();
    return new JobBuilder(name, jobs).start(step).build();
  }

  /** The step of a job that leads a load's parts. */
  StepExecution manager(CodeLoad load) throws InvalidJobParametersException {
    var parameters = LoadJobs.parameters(load);
    var instance = jobs.createJobInstance("import", parameters);
    var execution = jobs.createJobExecution(instance, parameters, new ExecutionContext());
    execution.setStatus(org.springframework.batch.core.BatchStatus.STARTED);
    jobs.update(execution);
    return jobs.createStepExecution("parts", execution);
  }

  /** Makes a step for each part, as the manager does. */
  SimpleStepExecutionSplitter splitter(CodeLoad load, int parts) {
    return new SimpleStepExecutionSplitter(jobs, "part", _ -> contexts(load, parts));
  }

  private static Map<String, ExecutionContext> contexts(CodeLoad load, int parts) {
    var contexts = new LinkedHashMap<String, ExecutionContext>();
    for (int part = 0; part < parts; part++) {
      var context = new ExecutionContext();
      context.putInt(SendParts.LOAD, load.id());
      context.putInt(SendParts.PART, part);
      contexts.put("%05d".formatted(part), context);
    }
    return contexts;
  }
}
