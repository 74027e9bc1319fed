package dev.couponbook.edge.connection;

import dev.couponbook.edge.problem.RefusedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Follows, byte by byte and in front of the decoder, where each message ends, and refuses messages
 * that another program could cut differently. It passes the bytes on unchanged, and asks the
 * decoder which body a message has, so that the two cannot disagree.
 */
final class MessageFraming extends ChannelInboundHandlerAdapter {
  // Longer first lines and headers are refused by the decoder, with 414 and 431.
  private static final int KEPT_OF_FIRST_LINE = 8 * 1024;
  // A chunk is some KB at least, and nobody needs extensions.
  private static final int MAX_CHUNK_LINE = 256;
  private static final int MAX_EXTENSIONS = 4 * 1024;
  private static final int MAX_TRAILERS = 4 * 1024;
  // A body ends at 256 KiB: 28 bits are plenty, and cannot overflow.
  private static final int MAX_SIZE_DIGITS = 7;
  private static final byte LF = '\n';
  private static final byte CR = '\r';

  private final RequestRules requests;

  private Place place = Place.FIRST_LINE;
  private final StringBuilder firstLine = new StringBuilder();
  private boolean emptyLineSkipped;
  private int lineLength;
  private byte previous;
  private long remaining;
  private int sizeDigits;
  private boolean inExtension;
  private int extensionBytes;
  private int trailerBytes;

  private enum Place {
    FIRST_LINE,
    HEADERS,
    BODY,
    FIXED_BODY,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END_CR,
    CHUNK_END_LF,
    TRAILERS
  }

  MessageFraming(RequestRules requests) {
    this.requests = requests;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    try {
      follow(context, bytes);
    } catch (RefusedMessageException e) {
      requests.refuse(e);
    } finally {
      bytes.release();
    }
  }

  private void follow(ChannelHandlerContext context, ByteBuf bytes) {
    while (bytes.isReadable() && !requests.isRefused()) {
      int end = endOfSection(bytes);
      context.fireChannelRead(bytes.readRetainedSlice(end - bytes.readerIndex()));
      if (place == Place.BODY) {
        beginBody();
      }
    }
  }

  /** Follows the bytes to the end of a head, or to the last byte that has come. */
  private int endOfSection(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (place == Place.FIXED_BODY || place == Place.CHUNK_DATA) {
        at += skipData(end - at);
      } else {
        boolean headEnds = takeByte(bytes.getByte(at++));
        if (headEnds) {
          return at;
        }
      }
    }
    return end;
  }

  private int skipData(int there) {
    int skipped = (int) Math.min(remaining, there);
    remaining -= skipped;
    if (remaining == 0) {
      if (place == Place.FIXED_BODY) {
        endMessage();
      } else {
        place = Place.CHUNK_END_CR;
      }
    }
    return skipped;
  }

  /** True at the last byte of a head. */
  private boolean takeByte(byte next) {
    switch (place) {
      case FIRST_LINE -> takeOfFirstLine(next);
      case HEADERS -> {
        if (takeOfHeaders(next)) {
          place = Place.BODY;
          return true;
        }
      }
      case CHUNK_SIZE -> takeOfChunkSize(next);
      // RFC 9112, 7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
      case CHUNK_END_CR -> expect(next, CR, Place.CHUNK_END_LF);
      case CHUNK_END_LF -> expect(next, LF, Place.CHUNK_SIZE);
      case TRAILERS -> takeOfTrailers(next);
      case BODY, FIXED_BODY, CHUNK_DATA -> throw new IllegalStateException("data is skipped");
    }
    return false;
  }

  private void takeOfFirstLine(byte next) {
    requests.begin();
    if (next != LF) {
      if (firstLine.length() < KEPT_OF_FIRST_LINE) {
        firstLine.append((char) (next & 0xff));
      }
      return;
    }
    var line = firstLine.toString();
    firstLine.setLength(0);
    if (line.equals("\r") && !emptyLineSkipped) {
      // RFC 9112, 2.2: a server "SHOULD ignore at least one empty line (CRLF) received prior to
      // the request-line".
      emptyLineSkipped = true;
      return;
    }
    requireRequestLine(line);
    place = Place.HEADERS;
  }

  // RFC 9112, 2.2: "a recipient MAY recognize a single LF as a line terminator", which is the
  // leniency that lets two programs see two messages; here a line ends with CRLF.
  // RFC 9112, 3: request-line = method SP request-target SP HTTP-version; to "parse on
  // whitespace-delimited word boundaries" instead "can result in request smuggling".
  // RFC 9112, 2.3: "HTTP-version is case-sensitive."
  private static void requireRequestLine(String line) {
    if (!line.endsWith("\r")) {
      throw RefusedMessageException.malformed("A line must end with CRLF");
    }
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first <= 0
        || last <= first + 1
        || line.indexOf(' ', first + 1) != last
        || !line.startsWith("HTTP/", last + 1)
        || line.chars().limit(line.length() - 1).anyMatch(c -> c < ' ')) {
      throw RefusedMessageException.malformed(
          "The first line must be a method, an address and a version with one space between");
    }
  }

  /** True at the end of the empty line behind them. */
  private boolean takeOfHeaders(byte next) {
    if (lineLength == 0) {
      refuseFolding(next);
    }
    if (next != LF) {
      lineLength++;
      previous = next;
      return false;
    }
    requireCr();
    boolean empty = lineLength == 1;
    lineLength = 0;
    return empty;
  }

  // RFC 9112, 5.2: "A server that receives an obs-fold in a request message [...] MUST either
  // reject the message by sending a 400 (Bad Request) [...] or replace" it; the decoder would
  // replace it.
  private static void refuseFolding(byte first) {
    if (first == ' ' || first == '\t') {
      throw RefusedMessageException.malformed("A header must not go on in the next line");
    }
  }

  private void requireCr() {
    if (lineLength == 0 || previous != CR) {
      throw RefusedMessageException.malformed("A line must end with CRLF");
    }
  }

  private void beginBody() {
    var body = requests.takeBody();
    if (body.isChunked()) {
      place = Place.CHUNK_SIZE;
    } else if (body.length() > 0) {
      remaining = body.length();
      place = Place.FIXED_BODY;
    } else {
      endMessage();
    }
  }

  // RFC 9112, 7.1: "recipients MUST anticipate potentially large hexadecimal numerals and prevent
  // parsing errors due to integer conversion overflows".
  // RFC 9112, 7.1.1: "A server ought to limit the total length of chunk extensions received".
  private void takeOfChunkSize(byte next) {
    if (next == LF) {
      endChunkLine();
      return;
    }
    lineLength++;
    previous = next;
    int digit = inExtension ? -1 : Character.digit(next, 16);
    if (digit >= 0) {
      remaining = remaining << 4 | digit;
      sizeDigits++;
    } else if (next != CR) {
      inExtension = true;
      extensionBytes++;
    }
    if (sizeDigits > MAX_SIZE_DIGITS
        || lineLength > MAX_CHUNK_LINE
        || extensionBytes > MAX_EXTENSIONS) {
      throw RefusedMessageException.malformed("The line of a chunk's size is too long");
    }
  }

  private void endChunkLine() {
    requireCr();
    if (sizeDigits == 0) {
      throw RefusedMessageException.malformed("A chunk must say its size");
    }
    place = remaining == 0 ? Place.TRAILERS : Place.CHUNK_DATA;
    sizeDigits = 0;
    lineLength = 0;
    inExtension = false;
  }

  private void expect(byte next, byte wanted, Place then) {
    if (next != wanted) {
      throw RefusedMessageException.malformed("A chunk must end with CRLF where it says");
    }
    place = then;
  }

  // RFC 9112, 7.1.2: a recipient "MAY selectively retain or discard the received trailer
  // fields"; we discard them all, and a few KB are enough for that.
  private void takeOfTrailers(byte next) {
    if (++trailerBytes > MAX_TRAILERS) {
      throw RefusedMessageException.malformed("The trailers are too long");
    }
    if (takeOfHeaders(next)) {
      endMessage();
    }
  }

  private void endMessage() {
    place = Place.FIRST_LINE;
    emptyLineSkipped = false;
    extensionBytes = 0;
    trailerBytes = 0;
    requests.end();
  }
}
