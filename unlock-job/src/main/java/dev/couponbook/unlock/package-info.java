/**
 * The sweep: frees expired locks and tidies up, once for each event of the schedule or once from a
 * shell.
 */
@NullMarked
package dev.couponbook.unlock;

import org.jspecify.annotations.NullMarked;
