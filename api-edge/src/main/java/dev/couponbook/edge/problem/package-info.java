/** What the edge answers when it does not do what was asked (RFC 9457). */
@NullMarked
package dev.couponbook.edge.problem;

import org.jspecify.annotations.NullMarked;
