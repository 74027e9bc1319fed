@NullMarked
package dev.couponbook.edge.security;

import org.jspecify.annotations.NullMarked;
