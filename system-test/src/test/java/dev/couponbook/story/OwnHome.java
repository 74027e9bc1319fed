package dev.couponbook.story;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A story that kills programs and then mostly waits for queues: in the embedded kind it has a home
 * of its own, and plays beside the others. In a home of containers it plays last.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
// One lock for the whole class: its methods share the home, and run one after the other.
@ResourceLock("the home of its own")
@interface OwnHome {}
