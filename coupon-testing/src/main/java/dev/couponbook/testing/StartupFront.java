package dev.couponbook.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A front of PostgreSQL that, as RDS Proxy does, refuses a connection which asks for more than the
 * usual when it begins: timeouts and the like in {@code options}, above all.
 */
public final class StartupFront implements AutoCloseable {
  private static final Set<String> USUAL =
      Set.of(
          "user",
          "database",
          "client_encoding",
          "DateStyle",
          "TimeZone",
          "extra_float_digits",
          "application_name");
  // PostgreSQL documentation, message formats: a connection may first ask for encryption.
  private static final Set<Integer> ENCRYPTION_ASKED_FOR = Set.of(80877103, 80877104);
  private static final int LONGEST = 10_000;

  private final int target;
  private final ServerSocket server;
  private final AtomicInteger passed = new AtomicInteger();

  /**
   * @param target PostgreSQL's port on this machine
   */
  public StartupFront(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The address of a database through this front, given its own address. */
  public String url(String direct) {
    return direct.replaceFirst("//[^/]+/", "//127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** How many connections it has let through. */
  public int passed() {
    return passed.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var inside = server.accept();
        Thread.ofVirtual().start(() -> begin(inside));
      } catch (IOException closed) {
        // the next one, or the end
      }
    }
  }

  private void begin(Socket inside) {
    try (inside) {
      var startup = startup(inside);
      var unusual = new ArrayList<>(names(startup));
      unusual.removeAll(USUAL);
      if (!unusual.isEmpty()) {
        inside.getOutputStream().write(refusal("Feature not supported: " + unusual));
        return;
      }
      passed.incrementAndGet();
      try (var outside = new Socket(InetAddress.getLoopbackAddress(), target)) {
        outside.getOutputStream().write(startup);
        Thread.ofVirtual().start(() -> pass(outside, inside));
        inside.getInputStream().transferTo(outside.getOutputStream());
      }
    } catch (IOException ended) {
      // one of the two ends is gone, and now both are
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // both are closed now
    }
  }

  /** The first message that asks for no encryption, with its length, which counts itself. */
  private static byte[] startup(Socket inside) throws IOException {
    var in = new DataInputStream(inside.getInputStream());
    while (true) {
      int length = in.readInt();
      int code = in.readInt();
      if (length > LONGEST) {
        throw new IOException("a startup message of " + length + " bytes");
      }
      var message = ByteBuffer.allocate(length).putInt(length).putInt(code);
      in.readFully(message.array(), message.position(), message.remaining());
      if (!ENCRYPTION_ASKED_FOR.contains(code)) {
        return message.array();
      }
      inside.getOutputStream().write('N');
    }
  }

  /** Names and values take turns behind length and version, each with a zero at its end. */
  private static List<String> names(byte[] startup) {
    int header = 2 * Integer.BYTES;
    var texts =
        new String(startup, header, startup.length - header, StandardCharsets.UTF_8)
            .split("\0", -1);
    var names = new ArrayList<String>();
    for (int i = 0; i < texts.length && !texts[i].isEmpty(); i += 2) {
      names.add(texts[i]);
    }
    return names;
  }

  private static byte[] refusal(String sentence) throws IOException {
    var fields = "SFATAL\0VFATAL\0C0A000\0M" + sentence + "\0\0";
    var message = new ByteArrayOutputStream();
    var out = new DataOutputStream(message);
    out.writeByte('E');
    out.writeInt(Integer.BYTES + fields.length());
    out.writeBytes(fields);
    return message.toByteArray();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
