package dev.couponbook.cli.home;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, however long the log is. */
final class LogTail {
  private static final int LOOK_BACK_BYTES = 64 << 10;

  private LogTail() {}

  /** The last lines of a log without stack frames, which are left to readers of the log itself. */
  static String lastWords(Path log, long from, int lines) {
    var words =
        lastLines(log, from, Integer.MAX_VALUE)
            .lines()
            .filter(line -> !line.startsWith("\tat ") && !line.startsWith("\t... "))
            .toList();
    return String.join("\n", words.subList(Math.max(0, words.size() - lines), words.size())) + "\n";
  }

  /**
   * @param from byte before which nothing is shown
   * @return the lines, each with its line end
   */
  static String lastLines(Path log, long from, int lines) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      // Shorter than that: it was rolled in the meantime.
      long begin = from > file.length() ? 0 : from;
      long start = Math.max(begin, file.length() - LOOK_BACK_BYTES);
      var bytes = new byte[(int) Math.max(0, file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      var last = all.subList(Math.max(0, all.size() - lines), all.size());
      return last.isEmpty() ? "" : String.join("\n", last) + "\n";
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")\n";
    }
  }
}
