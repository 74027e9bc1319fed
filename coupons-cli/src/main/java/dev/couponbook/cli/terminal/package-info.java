/** What every command shares: exit codes, failures, answers, durations, and a ledger of steps. */
@NullMarked
package dev.couponbook.cli.terminal;

import org.jspecify.annotations.NullMarked;
