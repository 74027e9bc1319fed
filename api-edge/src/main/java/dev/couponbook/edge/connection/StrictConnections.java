package dev.couponbook.edge.connection;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts our rules around the decoder of each connection, and closes connections over the cap. */
@Singleton
@Requires(classes = NettyServerCustomizer.class)
final class StrictConnections implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private static final Logger LOG = LoggerFactory.getLogger(StrictConnections.class);

  private final ConnectionSettings settings;
  private final AtomicInteger open = new AtomicInteger();

  StrictConnections(ConnectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(null));
    return event.getBean();
  }

  private final class Customizer implements NettyServerCustomizer {
    private final @Nullable Channel channel;

    Customizer(@Nullable Channel channel) {
      this.channel = channel;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return new Customizer(channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel != null && admit(channel)) {
        var rules = new RequestRules(settings.longestMessage());
        var codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
        channel.pipeline().addBefore(codec, "message-framing", new MessageFraming(rules));
        channel.pipeline().addAfter(codec, "request-rules", rules);
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // whether it closes or was closed is the same to us
  private boolean admit(Channel channel) {
    int connections = open.incrementAndGet();
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    if (connections <= settings.connections()) {
      return true;
    }
    if (connections == settings.connections() + 1) {
      LOG.warn("{} connections are open: closing every further one", settings.connections());
    }
    channel.close();
    return false;
  }
}
