package dev.couponbook.edge.connection;

import dev.couponbook.edge.problem.ProblemCode;
import dev.couponbook.edge.problem.RefusedMessageException;
import dev.couponbook.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks each decoded head, and ends the connection after the first message that is refused:
 * earlier requests are still answered in their turn, and later ones are not looked at.
 */
final class RequestRules extends ChannelDuplexHandler {
  // For what a peer still has on its way when our last answer reaches it.
  private static final Duration LINGER = Duration.ofSeconds(1);
  // RFC 3986, 3.2.2, without a user; RFC 9110, 4.2.1: an empty host is invalid.
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(:[0-9]{0,5})?");

  private final Duration longestMessage;
  private @Nullable ChannelHandlerContext context;
  private @Nullable HttpRequest head;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean bodyOpen;
  private boolean refused;
  private boolean cut;
  private int unanswered;

  /** How the body of a message is delimited (RFC 9112, 6.3). */
  record Body(boolean isChunked, long length) {}

  /**
   * @param longestMessage from the first byte of a message to its last
   */
  RequestRules(Duration longestMessage) {
    this.longestMessage = longestMessage;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  boolean isRefused() {
    return refused;
  }

  /** The first byte of a message has come. */
  void begin() {
    var there = context;
    if (deadline == null && there != null) {
      deadline =
          there
              .executor()
              .schedule(this::refuseSlow, longestMessage.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The last byte of a message has come. */
  void end() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /**
   * The body of the message whose head has just been passed to the decoder.
   *
   * @throws RefusedMessageException if the decoder has seen no head there
   */
  Body takeBody() {
    var request = head;
    head = null;
    if (request == null) {
      throw RefusedMessageException.malformed("The request is not understood");
    }
    return HttpUtil.isTransferEncodingChunked(request)
        ? new Body(true, 0)
        : new Body(false, HttpUtil.getContentLength(request, 0L));
  }

  private void refuseSlow() {
    deadline = null;
    refuse(
        new RefusedMessageException(
            ProblemCode.REQUEST_TIMEOUT,
            "A request must be sent within " + longestMessage.toSeconds() + " s"));
  }

  /** Answers the open message with a refusal, in its turn, and closes. */
  void refuse(RefusedMessageException reason) {
    var there = context;
    if (refused || there == null) {
      return;
    }
    refused = true;
    if (bodyOpen) {
      cut(there, reason);
    } else {
      unanswered++;
      there.fireChannelRead(refusedHead(reason));
      there.fireChannelReadComplete();
    }
  }

  // The reader must never take a part of the body for the whole: nothing more is passed on, and
  // we answer ourselves unless an earlier answer is still to come.
  private void cut(ChannelHandlerContext there, RefusedMessageException reason) {
    cut = true;
    if (unanswered == 1) {
      there.writeAndFlush(answer(reason)).addListener(_ -> closeGently(there));
    } else {
      closeGently(there);
    }
  }

  private static FullHttpResponse answer(RefusedMessageException reason) {
    var problem = reason.problem();
    var body = Unpooled.wrappedBuffer(Json.mapper().writeValueAsBytes(problem));
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  // Stands in for the refused message, whose headers the framework should not look at.
  private static HttpRequest refusedHead(Throwable reason) {
    var nothing =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);
    nothing.setDecoderResult(DecoderResult.failure(reason));
    return nothing;
  }

  @Override
  public void channelRead(ChannelHandlerContext there, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      unanswered++;
      var fault = fault(request);
      if (fault != null) {
        refused = true;
        ReferenceCountUtil.release(message);
        there.fireChannelRead(refusedHead(fault));
        return;
      }
      bodyOpen = true;
      head = request;
    }
    if (message instanceof LastHttpContent last) {
      if (last.decoderResult().isFailure()) {
        last.release();
        refuse(RefusedMessageException.malformed("The body is not understood"));
        return;
      }
      bodyOpen = false;
    }
    there.fireChannelRead(message);
  }

  private static @Nullable Throwable fault(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return request.decoderResult().cause();
    }
    try {
      requireVersion(request.protocolVersion());
      requireHost(request);
      requireTarget(request);
      requirePlainChunks(request);
      return null;
    } catch (RefusedMessageException e) {
      return e;
    }
  }

  // RFC 9110, 15.6.6: 505 "indicates that the server does not support, or refuses to support,
  // the major version of HTTP that was used".
  private static void requireVersion(HttpVersion version) {
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new RefusedMessageException(
          ProblemCode.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 is spoken here");
    }
  }

  // RFC 9112, 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1
  // request message that lacks a Host header field and to any request message that contains more
  // than one Host header field line or a Host header field with an invalid field value."
  private static void requireHost(HttpRequest request) {
    var hosts = request.headers().getAll(HttpHeaderNames.HOST);
    boolean mayLack = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1
        || (hosts.isEmpty() && !mayLack)
        || (hosts.size() == 1 && !HOST.matcher(hosts.getFirst()).matches())) {
      throw RefusedMessageException.malformed("There must be one Host header, with a host");
    }
  }

  // RFC 9112, 3.2: request-target = origin-form / absolute-form / authority-form / asterisk-form;
  // none has a fragment, authority-form is for CONNECT alone, and that is for proxies.
  private static void requireTarget(HttpRequest request) {
    var target = request.uri();
    if (request.method().equals(HttpMethod.CONNECT)) {
      throw new RefusedMessageException(ProblemCode.NOT_IMPLEMENTED, "This is no proxy");
    }
    boolean known =
        target.startsWith("/")
            || target.startsWith("http://")
            || target.startsWith("https://")
            || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS));
    if (!known || target.indexOf('#') >= 0) {
      throw RefusedMessageException.malformed("The address must begin with a slash");
    }
  }

  // RFC 9112, 6.1: "A server that receives a request message with a transfer coding it does not
  // understand SHOULD respond with 501 (Not Implemented)."
  private static void requirePlainChunks(HttpRequest request) {
    var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst()))) {
      throw new RefusedMessageException(
          ProblemCode.NOT_IMPLEMENTED, "Of transfer codings only chunked is understood");
    }
  }

  @Override
  public void write(ChannelHandlerContext there, Object message, ChannelPromise promise) {
    if (cut) {
      ReferenceCountUtil.release(message);
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    boolean last = refused && unanswered == 1;
    if (last && !interim && message instanceof HttpResponse response) {
      // RFC 9112, 9.6: "The server SHOULD send a close connection option in its final response".
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    ChannelFuture written = there.write(message, last ? promise.unvoid() : promise);
    if (message instanceof LastHttpContent && !interim) {
      unanswered--;
      if (last) {
        written.addListener(_ -> closeGently(there));
      }
    }
  }

  // RFC 9112, 9.6: "servers typically close a connection in stages. First, the server performs a
  // half-close by closing only the write side [...] continues to read from the connection until it
  // receives a corresponding close": or the peer's system may throw our answer away.
  @SuppressWarnings("FutureReturnValueIgnored") // whether it closes or was closed is the same to us
  private static void closeGently(ChannelHandlerContext there) {
    if (there.channel() instanceof DuplexChannel channel && channel.isActive()) {
      channel.config().setAutoRead(true);
      channel.shutdownOutput();
      there.executor().schedule(() -> channel.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      there.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext there) {
    end();
    there.fireChannelInactive();
  }
}
