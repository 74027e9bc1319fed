package dev.couponbook.launcher;

import dev.couponbook.bench.Bench;
import dev.couponbook.chaos.Chaos;
import dev.couponbook.cli.Coupons;

/** What the script {@code ./coupons} runs: the launcher, with {@code bench} and {@code chaos}. */
final class AllCommands {
  private AllCommands() {}

  public static void main(String[] arguments) {
    Coupons.run(Coupons.commandLine(new Bench(), new Chaos()), arguments);
  }
}
