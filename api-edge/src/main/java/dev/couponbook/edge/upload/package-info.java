/** Files of codes: presigned URLs, and how far a load is. */
@NullMarked
package dev.couponbook.edge.upload;

import org.jspecify.annotations.NullMarked;
