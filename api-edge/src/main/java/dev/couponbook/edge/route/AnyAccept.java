package dev.couponbook.edge.route;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Routes that answer whatever Accept says: they redirect, and what comes from there is not ours; or
 * they are asked by programs that send the Accept they were built with. RFC 9110, 12.5.1: "a server
 * can [...] disregard the header field by treating the response as if it is not subject to content
 * negotiation".
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface AnyAccept {}
