/** A home on this machine: its programs, its partners and its database. */
@NullMarked
package dev.couponbook.cli.home;

import org.jspecify.annotations.NullMarked;
