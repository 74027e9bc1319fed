@NullMarked
package dev.couponbook.edge.upload;

import org.jspecify.annotations.NullMarked;
