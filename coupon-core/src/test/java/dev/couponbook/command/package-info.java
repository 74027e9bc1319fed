@NullMarked
package dev.couponbook.command;

import org.jspecify.annotations.NullMarked;
