package dev.couponbook.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for PostgreSQL that can be cut, made to swallow everything, slowed down, and mended. It
 * follows the server's messages, so that it can lose the reply to a COMMIT, or stop at a chosen
 * point for a test that kills the program there.
 */
public final class DatabaseGate implements AutoCloseable {
  // The code of an SSLRequest.
  private static final int TLS_ASKED_FOR = 80877103;
  private static final int COMMAND_COMPLETE = 'C';

  private final int target;
  private final Random dice;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lostCommitReplies = new AtomicInteger();
  private volatile State state = State.OPEN;
  private volatile Duration slowest = Duration.ZERO;
  private volatile double lossOfCommitReplies;
  private volatile @Nullable Stop stop;

  /** What happens to the traffic. */
  public enum State {
    OPEN,
    CUT,
    SILENT
  }

  /** Where to stop; without a statement, at the reply to a COMMIT. */
  private record Stop(@Nullable String statement, CompletableFuture<Void> reached) {}

  /** A gate without random delays and losses. */
  public DatabaseGate(int target) {
    this(target, 0);
  }

  /**
   * @param target PostgreSQL's port on this machine
   * @param seed of random delays and losses
   */
  public DatabaseGate(int target, long seed) {
    this.target = target;
    this.dice = new Random(seed);
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The address of a database through this gate, given its own address. */
  public String url(String direct) {
    return direct.replaceFirst("//[^/]+/", "//127.0.0.1:" + port() + "/");
  }

  public void set(State next) {
    state = next;
    if (next == State.CUT) {
      sockets.forEach(DatabaseGate::closeQuietly);
    }
  }

  /** Delays each reply by a random time, up to this. */
  public void delay(Duration most) {
    slowest = most;
  }

  /**
   * Loses the reply to this share of COMMITs, from 0 to 1: they happen, but their connection ends.
   */
  public void loseCommitReplies(double share) {
    lossOfCommitReplies = share;
  }

  public int lostCommitReplies() {
    return lostCommitReplies.get();
  }

  /** Stops before the first statement with these words reaches the server. */
  public CompletableFuture<Void> stopBefore(String statement) {
    return stopAt(new Stop(statement, new CompletableFuture<>()));
  }

  /** Stops after the next COMMIT, before anybody hears of it. */
  public CompletableFuture<Void> stopBehindCommit() {
    return stopAt(new Stop(null, new CompletableFuture<>()));
  }

  private CompletableFuture<Void> stopAt(Stop next) {
    stop = next;
    return next.reached();
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
        var way = new Way(inside, outside);
        Thread.ofVirtual().start(way::ask);
        Thread.ofVirtual().start(way::reply);
      } catch (IOException closed) {
        // the next one, or the end
      }
    }
  }

  /** One connection. */
  private final class Way {
    private final Socket inside;
    private final Socket outside;
    private volatile boolean tlsAskedFor;

    Way(Socket inside, Socket outside) {
      this.inside = inside;
      this.outside = outside;
    }

    void ask() {
      var buffer = new byte[8192];
      try (inside;
          outside) {
        int length = inside.getInputStream().read(buffer);
        tlsAskedFor = length == 8 && integer(buffer, 4) == TLS_ASKED_FOR;
        for (; length > 0; length = inside.getInputStream().read(buffer)) {
          stopBefore(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
          if (state != State.SILENT) {
            outside.getOutputStream().write(buffer, 0, length);
          }
        }
      } catch (IOException cut) {
        // both ends are closed by now
      }
      sockets.remove(inside);
      sockets.remove(outside);
    }

    private void stopBefore(String sent) {
      var next = stop;
      if (next != null && next.statement() != null && sent.contains(next.statement())) {
        standStill(next);
      }
    }

    void reply() {
      try (inside;
          outside) {
        var in = new DataInputStream(new BufferedInputStream(outside.getInputStream()));
        var out = new BufferedOutputStream(inside.getOutputStream());
        int type = in.read();
        if (tlsAskedFor) {
          // Yes or no, without a length.
          pass(out, new byte[] {(byte) type}, in.available() == 0);
          type = in.read();
        }
        for (; type >= 0; type = in.read()) {
          var message = message(in, type);
          if (type == COMMAND_COMPLETE && isCommit(message) && losesReply()) {
            return;
          }
          pass(out, message, in.available() == 0);
        }
      } catch (IOException cut) {
        // both ends are closed by now
      }
    }

    private void pass(OutputStream out, byte[] message, boolean isLast) throws IOException {
      if (state == State.SILENT) {
        return;
      }
      out.write(message);
      if (isLast) {
        pause();
        out.flush();
      }
    }
  }

  private static byte[] message(DataInputStream in, int type) throws IOException {
    // The length counts itself.
    int length = in.readInt();
    var message = new byte[1 + length];
    message[0] = (byte) type;
    for (int i = 0; i < 4; i++) {
      message[1 + i] = (byte) (length >>> (24 - 8 * i));
    }
    in.readFully(message, 5, length - 4);
    return message;
  }

  private static boolean isCommit(byte[] message) {
    return new String(message, 5, message.length - 6, StandardCharsets.US_ASCII).equals("COMMIT");
  }

  private boolean losesReply() {
    var next = stop;
    if (next != null && next.statement() == null) {
      standStill(next);
      return false;
    }
    boolean lost = lossOfCommitReplies > 0 && roll() < lossOfCommitReplies;
    if (lost) {
      lostCommitReplies.incrementAndGet();
    }
    return lost;
  }

  private void standStill(Stop reached) {
    set(State.SILENT);
    stop = null;
    reached.reached().complete(null);
  }

  private double roll() {
    synchronized (dice) {
      return dice.nextDouble();
    }
  }

  private void pause() throws IOException {
    try {
      Thread.sleep((long) (roll() * slowest.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static int integer(byte[] bytes, int from) {
    return (bytes[from] & 0xFF) << 24
        | (bytes[from + 1] & 0xFF) << 16
        | (bytes[from + 2] & 0xFF) << 8
        | (bytes[from + 3] & 0xFF);
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
