package dev.couponbook.bench;

import dev.couponbook.cli.home.Home;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What had been used up at one moment.
 *
 * @param processor time of all the machine's processors but for this program's own; zero where the
 *     system does not tell
 * @param sqsCalls calls to SQS by the edge and the worker since their starts
 */
record Cost(Duration processor, long sqsCalls) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final long MILLIS_OF_TICK = 10; // USER_HZ is 100 for every Linux program
  private static final int IDLE = 3;
  private static final int IO_WAIT = 4;
  private static final int GUEST = 8; // and what follows is counted as user time already
  private static final String CALLS = "coupon_sqs_calls_total";

  static Cost now(Home home) {
    try {
      var own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      return new Cost(
          machine().minus(own),
          (long)
              (ProgramMetrics.sum(home.ports().edgeMetrics(), CALLS)
                  + ProgramMetrics.sum(home.ports().workerMetrics(), CALLS)));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, STAT + " cannot be read: " + e, e);
    }
  }

  Cost minus(Cost before) {
    return new Cost(processor.minus(before.processor), sqsCalls - before.sqsCalls);
  }

  private static Duration machine() throws IOException {
    if (!Files.exists(STAT)) {
      return Duration.ZERO;
    }
    var ticks = Arrays.stream(Files.readAllLines(STAT).getFirst().split(" +")).skip(1).toList();
    return Duration.ofMillis(
        MILLIS_OF_TICK
            * IntStream.range(0, GUEST)
                .filter(i -> i != IDLE && i != IO_WAIT)
                .mapToLong(i -> Long.parseLong(ticks.get(i)))
                .sum());
  }
}
