/** What the launcher's tests share: a home's directory, and a command with what it printed. */
@NullMarked
package dev.couponbook.cli.testing;

import org.jspecify.annotations.NullMarked;
