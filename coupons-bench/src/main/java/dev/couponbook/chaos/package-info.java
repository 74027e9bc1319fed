/** Programs killed and frozen in the middle of their work, and the outcome judged. */
@NullMarked
package dev.couponbook.chaos;

import org.jspecify.annotations.NullMarked;
