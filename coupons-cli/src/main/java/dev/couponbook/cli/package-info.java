/** The launcher: one class a command, and what they share. */
@NullMarked
package dev.couponbook.cli;

import org.jspecify.annotations.NullMarked;
