package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever a file is cut, its parts together have the rows of the whole. */
class LineReaderTest {
  private static final String[] ENDS = {"\n", "\r\n", "\n\n", "\r\r\n"};

  private record Line(long offset, String text, boolean tooLong) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void every_cut_gives_the_same_lines(long seed) throws IOException {
    var file = file(new Random(seed), 40, 12);
    var whole = lines(file, 0, file.length);
    for (int cut = 1; cut < file.length; cut++) {
      var both = new ArrayList<>(lines(file, 0, cut));
      both.addAll(lines(file, cut, file.length));
      assertThat(both).as("seed %s cut at %s", seed, cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void over_long_lines_belong_to_one_part_only(long seed) throws IOException {
    var random = new Random(seed);
    var file = file(random, 12, 3 * LineReader.MAX_LINE);
    var whole = lines(file, 0, file.length);
    for (int i = 0; i < 60; i++) {
      int first = 1 + random.nextInt(file.length - 1);
      int second = first + random.nextInt(file.length - first);
      var all = new ArrayList<>(lines(file, 0, first));
      all.addAll(lines(file, first, second));
      all.addAll(lines(file, second, file.length));
      assertThat(all).as("seed %s cuts at %s and %s", seed, first, second).isEqualTo(whole);
    }
  }

  private static byte[] file(Random random, int lines, int longest) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < lines; i++) {
      var text = Integer.toString(i).repeat(random.nextInt(longest) / Integer.toString(i).length());
      out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      if (i < lines - 1 || random.nextBoolean()) {
        out.writeBytes(ENDS[random.nextInt(ENDS.length)].getBytes(StandardCharsets.US_ASCII));
      }
    }
    return out.toByteArray();
  }

  // As a part is opened: only the range and what its last line can need is at hand.
  private static List<Line> lines(byte[] file, int from, int to) throws IOException {
    int begin = Math.max(from - 1, 0);
    int end = (int) Math.min(to + LineReader.overhang(), file.length);
    InputStream in = new SmallReads(new ByteArrayInputStream(file, begin, end - begin));
    var lines = new ArrayList<Line>();
    try (var reader =
        from == 0 ? LineReader.atLine(in, 0, to) : LineReader.anywhere(in, from, to)) {
      while (reader.next()) {
        var text =
            new String(
                reader.bytes(),
                reader.from(),
                reader.to() - reader.from(),
                StandardCharsets.US_ASCII);
        lines.add(new Line(reader.offset(), text, reader.isTooLong()));
      }
    }
    return lines;
  }

  /** Like a network, it never gives all that is asked for. */
  private static final class SmallReads extends FilterInputStream {
    SmallReads(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return super.read(bytes, offset, Math.min(length, 1 + (offset * 7919 + 13) % 5000));
    }
  }
}
