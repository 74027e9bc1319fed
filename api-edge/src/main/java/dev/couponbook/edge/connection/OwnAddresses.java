package dev.couponbook.edge.connection;

import dev.couponbook.edge.route.PublicBase;
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
 * Gives the framework each address as it must read it.
 *
 * <p>Without the {@linkplain PublicBase public path}, which no route knows of.
 *
 * <p>A plus in a path is a plus, and a valid character of a code; only in a query may it stand for
 * a space. The framework decodes both like queries, so it is given the plus percent-encoded.
 */
@Singleton
@Requires(classes = NettyServerCustomizer.class)
final class OwnAddresses implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final Rewriter rewriter;

  OwnAddresses(PublicBase base) {
    this.rewriter = new Rewriter(base);
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(rewriter, null));
    return event.getBean();
  }

  static String encodePlus(String address) {
    int query = address.indexOf('?');
    var path = query < 0 ? address : address.substring(0, query);
    return path.indexOf('+') < 0
        ? address
        : path.replace("+", "%2B") + address.substring(path.length());
  }

  private record Customizer(Rewriter rewriter, @Nullable Channel channel)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return new Customizer(rewriter, channel);
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel != null) {
        channel
            .pipeline()
            .addAfter(
                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC, "own-addresses", rewriter);
      }
    }
  }

  @Sharable
  private static final class Rewriter extends ChannelInboundHandlerAdapter {
    private final PublicBase base;

    Rewriter(PublicBase base) {
      this.base = base;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        request.setUri(encodePlus(base.own(request.uri())));
      }
      context.fireChannelRead(message);
    }
  }
}
