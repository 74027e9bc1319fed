package dev.couponbook.store.load;

import dev.couponbook.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What Spring Batch has recorded about the steps of a job, read from its own tables. */
public final class StepRecords {
  private StepRecords() {}

  /**
   * A step's record.
   *
   * @param status the name of Spring Batch's {@code BatchStatus}
   * @param version grows with each update: a sign that somebody works on the step
   */
  public record StepRecord(String status, long version) {}

  private static final String OF_JOB =
      """
      SELECT step_execution_id, status, version
      FROM batch.batch_step_execution
      WHERE job_execution_id = ?
      """;

  /** The records of all steps of a job execution, by the id of their step execution. */
  public static Map<Long, StepRecord> ofJob(Connection connection, long jobExecution)
      throws SQLException {
    var records = new HashMap<Long, StepRecord>();
    Sql.of(connection, OF_JOB)
        .with(jobExecution)
        .each(row ->
            records.put(
                row.bigint("step_execution_id"),
                new StepRecord(row.text("status"), row.bigint("version"))));
    return records;
  }
}
