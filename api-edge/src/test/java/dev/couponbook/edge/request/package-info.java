@NullMarked
package dev.couponbook.edge.request;

import org.jspecify.annotations.NullMarked;
