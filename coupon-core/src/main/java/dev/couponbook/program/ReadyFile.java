package dev.couponbook.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that exists while the program is ready, for the process that started it to watch. Its path
 * is {@code COUPON_READY_FILE}; if that is not set, there is no file.
 *
 * <p>A killed program leaves its file behind. So the file only says where the program can be asked
 * ({@code PID PORT}, a port of the loopback interface), and {@link #ask} believes the answer. Its
 * time of last change is the program's last sign of life, to the second.
 */
public final class ReadyFile {
  private static final int CONNECT_MILLIS = 500;
  // A program that is busy on a busy machine answers within this.
  private static final int ANSWER_MILLIS = 2_000;
  private static final int MOST_BYTES = 4_096;

  private final @Nullable Path path;
  private @Nullable AnswerWhetherReady answers;

  public ReadyFile(@Nullable Path path) {
    this.path = path;
  }

  public static ReadyFile from(Environment environment) {
    return new ReadyFile(environment.path("COUPON_READY_FILE"));
  }

  /**
   * From now on the program is ready.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void create() {
    create(List::of);
  }

  /**
   * From now on the program is ready, and says so to whoever asks.
   *
   * @param missing what the program lacks at the moment of a question; answered within a second
   * @throws UncheckedIOException if the file cannot be written
   */
  public synchronized void create(Supplier<List<String>> missing) {
    if (path == null) {
      return;
    }
    try {
      var folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      answers = AnswerWhetherReady.start(path, missing);
    } catch (IOException e) {
      throw new UncheckedIOException("the ready file cannot be written: " + path, e);
    }
  }

  /**
   * The program is no longer ready: answers nobody any more, and deletes the file, if it is there.
   *
   * @throws UncheckedIOException if it cannot be deleted
   */
  public synchronized void delete() {
    if (path == null) {
      return;
    }
    if (answers != null) {
      answers.close();
      answers = null;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("the ready file cannot be deleted: " + path, e);
    }
  }

  /**
   * What a program said when it was asked whether it is ready.
   *
   * @param missing what it needs for its work and cannot reach; empty: it is ready
   */
  public record Answer(long pid, List<String> missing) {}

  /**
   * Asks the program that wrote the file; empty if there is no file, or no answer within two
   * seconds and a half.
   */
  public static Optional<Answer> ask(Path path) {
    try {
      var place = Files.readString(path).strip().split(" ");
      var answer = answer(Integer.parseInt(place[1]));
      long pid = Long.parseLong(answer.getFirst());
      // Another program may have been given the port of a killed one.
      return pid == Long.parseLong(place[0])
          ? Optional.of(new Answer(pid, answer.subList(1, answer.size())))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static List<String> answer(int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      var text = socket.getInputStream().readNBytes(MOST_BYTES);
      var lines = new String(text, StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty()) {
        throw new IOException("no answer");
      }
      return lines;
    }
  }
}
