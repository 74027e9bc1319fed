package dev.couponbook.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** A client that may write what no honest one would. */
final class RawSocket implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  private final Socket socket;

  RawSocket(String edge) {
    var address = URI.create(edge);
    try {
      socket = new Socket(address.getHost(), address.getPort());
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came back until the edge closed, or said nothing for the time. */
  record Heard(String text, boolean closed) {
    List<Integer> statuses() {
      return STATUS.matcher(text).results().map(found -> Integer.valueOf(found.group(1))).toList();
    }

    @Override
    public String toString() {
      return statuses() + (closed ? " closed " : " open ") + text;
    }
  }

  /** Sends each character as one byte. The edge may have closed before the end of it. */
  RawSocket send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Heard hear(Duration silence) {
    var heard = new ByteArrayOutputStream();
    var buffer = new byte[8192];
    boolean closed = false;
    try {
      socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
      int length;
      while ((length = socket.getInputStream().read(buffer)) > 0) {
        heard.write(buffer, 0, length);
      }
      closed = true;
    } catch (SocketTimeoutException silent) {
      closed = false;
    } catch (SocketException reset) {
      closed = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Heard(heard.toString(StandardCharsets.ISO_8859_1), closed);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
