package dev.couponbook.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that can be cut, or made to swallow everything, and mended. */
final class Gate implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile State state = State.OPEN;

  /** What becomes of what is sent through. */
  enum State {
    OPEN,
    CUT,
    SILENT
  }

  Gate(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void set(State next) {
    state = next;
    if (next == State.CUT) {
      sockets.forEach(Gate::closeQuietly);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var inside = server.accept();
        if (state == State.CUT) {
          inside.close();
          continue;
        }
        sockets.add(inside);
        var outside = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(outside);
        Thread.ofVirtual().start(() -> copy(inside, outside));
        Thread.ofVirtual().start(() -> copy(outside, inside));
      } catch (IOException closed) {
        // the next one, or the end
      }
    }
  }

  private void copy(Socket from, Socket to) {
    var buffer = new byte[8192];
    try (from;
        to) {
      int length;
      while ((length = from.getInputStream().read(buffer)) > 0) {
        if (state != State.SILENT) {
          to.getOutputStream().write(buffer, 0, length);
        }
      }
    } catch (IOException cut) {
      // both ends are closed by now
    }
    sockets.remove(from);
    sockets.remove(to);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    set(State.CUT);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
