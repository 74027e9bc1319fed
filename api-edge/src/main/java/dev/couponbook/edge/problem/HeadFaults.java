package dev.couponbook.edge.problem;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Why our server took a head for no request. Where another one reads the heads, this is absent. */
@Singleton
@Requires(classes = NettyHttpRequest.class)
public final class HeadFaults {
  public @Nullable Throwable of(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().decoderResult().cause()
        : null;
  }
}
