package dev.couponbook.program;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever connects that this program is ready: its process id, and a line for each thing that
 * it lacks. Once per second it touches its file, so that the file of a program that is silent says
 * since when.
 */
final class AnswerWhetherReady implements AutoCloseable {
  private static final int BEAT_MILLIS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(AnswerWhetherReady.class);

  private final Path file;
  private final Supplier<List<String>> missing;
  private final ServerSocket socket;
  private volatile boolean closed;

  private AnswerWhetherReady(Path file, Supplier<List<String>> missing, ServerSocket socket) {
    this.file = file;
    this.missing = missing;
    this.socket = socket;
  }

  static AnswerWhetherReady start(Path file, Supplier<List<String>> missing) throws IOException {
    var socket = new ServerSocket();
    try {
      // Any free port: a fixed one could be taken, and nobody has to know it beforehand.
      socket.bind(new InetSocketAddress(ReadyFile.loopback(), 0));
      socket.setSoTimeout(BEAT_MILLIS);
      var answers = new AnswerWhetherReady(file, missing, socket);
      answers.writeFile();
      Thread.ofPlatform().daemon().name("ready").start(answers::run);
      return answers;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void writeFile() throws IOException {
    Files.writeString(file, ProcessHandle.current().pid() + " " + socket.getLocalPort());
  }

  private void run() {
    while (!closed) {
      try {
        answerNext();
        beat();
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("whether this program is ready could not be told: {}", e.toString());
          LockSupport.parkNanos(BEAT_MILLIS * 1_000_000L);
        }
      }
    }
  }

  private void answerNext() throws IOException {
    try (var client = socket.accept()) {
      tell(client);
    } catch (SocketTimeoutException nobodyAsked) {
      // then it is time to touch the file
    }
  }

  private void tell(Socket client) {
    try {
      client.getOutputStream().write(answer().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("whoever asked did not wait for the answer: {}", e.toString());
    }
  }

  private String answer() {
    var lines = new ArrayList<String>();
    lines.add(Long.toString(ProcessHandle.current().pid()));
    try {
      lines.addAll(missing.get());
    } catch (RuntimeException e) {
      LOG.warn("what this program lacks could not be found out", e);
      lines.add("a part that could not be asked");
    }
    return String.join("\n", lines) + "\n";
  }

  private void beat() throws IOException {
    if (closed) {
      return;
    }
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (NoSuchFileException removed) {
      if (!closed) {
        writeFile();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("the port of the ready file could not be closed: {}", e.toString());
    }
  }
}
