/**
 * What the edge asks of the programs and what they answer: the sealed commands, their outcomes and
 * the one codec.
 */
@NullMarked
package dev.couponbook.command;

import org.jspecify.annotations.NullMarked;
