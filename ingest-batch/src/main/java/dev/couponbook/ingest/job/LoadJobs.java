package dev.couponbook.ingest.job;

import dev.couponbook.ingest.generate.Generation;
import dev.couponbook.ingest.generate.GenerationPlan;
import dev.couponbook.ingest.generate.GenerationReport;
import dev.couponbook.ingest.part.PartSteps;
import dev.couponbook.ingest.upload.FilePlan;
import dev.couponbook.ingest.upload.FileReport;
import dev.couponbook.postgres.Transactions;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.LoadParts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The two jobs. Both plan parts, let whichever processes take them work on them, and report. The
 * parts of an import are byte ranges of its file, those of a generation are ranges of counters.
 */
@Configuration(proxyBeanMethods = false)
class LoadJobs {
  private static final String LOAD = "load";

  private final JobRepository jobs;
  private final Transactions transactions;
  private final RunningSteps running;

  LoadJobs(JobRepository jobs, Transactions transactions, RunningSteps running) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.running = running;
  }

  @Bean
  Job importJob(FilePlan plan, SendParts sendParts, FileReport report) {
    return new JobBuilder("import", jobs)
        .start(step("plan", plan::make))
        .next(parts(sendParts))
        .next(step("report", report::make))
        .build();
  }

  @Bean
  Job generateJob(
      GenerationPlan plan, SendParts sendParts, PartSteps steps, GenerationReport report) {
    return new JobBuilder("generate", jobs)
        .start(step("plan", plan::make))
        .next(parts(sendParts))
        .next(topUp(steps))
        .next(step("report", report::make))
        .build();
  }

  /** What is done once for a load; if it was cut off, it is done again from its beginning. */
  @FunctionalInterface
  private interface Once {
    void make(CodeLoad load) throws IOException;
  }

  private Step step(String name, Once once) {
    return new StepBuilder(name, jobs)
        .tasklet(
            (contribution, context) -> {
              once.make(load(contribution.getStepExecution()));
              return RepeatStatus.FINISHED;
            },
            // It has its own transactions, so no connection is held while it reads or writes
            // files.
            new ResourcelessTransactionManager())
        .listener(running)
        .build();
  }

  private Step parts(SendParts sendParts) {
    return new StepBuilder("parts", jobs)
        .partitioner("part", this::partition)
        .partitionHandler(sendParts)
        .listener(running)
        .build();
  }

  private Step topUp(PartSteps steps) {
    return new Step() {
      @Override
      public String getName() {
        return "top-up";
      }

      @Override
      public void execute(StepExecution execution) throws JobInterruptedException {
        running.beforeStep(execution);
        try {
          steps.of(getName(), load(execution), Generation.TOP_UP).execute(execution);
        } finally {
          running.afterStep(execution);
        }
      }
    };
  }

  // Called within the step, whose load is known from the context of the thread.
  private Map<String, ExecutionContext> partition(int ignoredGridSize) {
    var step = Objects.requireNonNull(StepSynchronizationManager.getContext()).getStepExecution();
    int loadId = loadId(step);
    var contexts = new LinkedHashMap<String, ExecutionContext>();
    for (var part : transactions.inTransaction(c -> LoadParts.ofLoad(c, loadId))) {
      if (part.isDone() || part.part() == Generation.TOP_UP) {
        continue;
      }
      var context = new ExecutionContext();
      context.putInt(SendParts.LOAD, loadId);
      context.putInt(SendParts.PART, part.part());
      contexts.put("%05d".formatted(part.part()), context);
    }
    return contexts;
  }

  CodeLoad load(StepExecution step) {
    return transactions.inTransaction(c -> CodeLoads.byId(c, loadId(step)));
  }

  static int loadId(StepExecution step) {
    return Math.toIntExact(
        Objects.requireNonNull(step.getJobExecution().getJobParameters().getLong(LOAD)));
  }

  /**
   * What identifies a job: the upload and the object as it was, or the request; and the attempt.
   */
  static JobParameters parameters(CodeLoad load) {
    var parameters =
        new JobParametersBuilder()
            .addString("id", load.publicId().toString())
            .addLong(LOAD, (long) load.id(), false);
    if (load.objectEtag() != null) {
      parameters.addString("etag", load.objectEtag());
    }
    if (load.attempt() > 1) {
      parameters.addLong("attempt", (long) load.attempt());
    }
    return parameters.toJobParameters();
  }
}
