-- A failure's cause is at the end of its stack trace, which Spring Batch cut off at 2,500 characters.
ALTER TABLE batch.batch_job_execution ALTER COLUMN exit_message TYPE text;
ALTER TABLE batch.batch_step_execution ALTER COLUMN exit_message TYPE text;
ALTER TABLE batch.batch_job_execution_context ALTER COLUMN short_context TYPE text;
ALTER TABLE batch.batch_step_execution_context ALTER COLUMN short_context TYPE text;
