package dev.couponbook.edge.problem;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Why our server did not accept a head. Absent if another server reads the heads. */
@Singleton
@Requires(classes = NettyHttpRequest.class)
public final class HeadFaults {
  public @Nullable Throwable of(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().decoderResult().cause()
        : null;
  }
}
