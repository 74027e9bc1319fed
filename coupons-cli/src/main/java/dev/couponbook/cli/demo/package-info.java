/** The demo: a file of codes and every command, each result checked. */
@NullMarked
package dev.couponbook.cli.demo;

import org.jspecify.annotations.NullMarked;
