package dev.couponbook.edge.connection;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * A plus in a path is a plus, and a valid character of a code; only in a query may it stand for a
 * space. The framework decodes both like queries, so it is given the plus percent-encoded.
 */
@Singleton
@Requires(classes = NettyServerCustomizer.class)
final class PlusInPaths implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(null));
    return event.getBean();
  }

  static String encodePlus(String address) {
    int query = address.indexOf('?');
    var path = query < 0 ? address : address.substring(0, query);
    return path.indexOf('+') < 0
        ? address
        : path.replace("+", "%2B") + address.substring(path.length());
  }

  private record Customizer(@Nullable Channel channel) implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return new Customizer(channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel != null) {
        channel
            .pipeline()
            .addAfter(
                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                "plus-in-paths",
                new Encoder());
      }
    }
  }

  @Sharable
  private static final class Encoder extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        request.setUri(encodePlus(request.uri()));
      }
      context.fireChannelRead(message);
    }
  }
}
