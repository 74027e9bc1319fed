package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.file.FileLayout;
import dev.couponbook.ingest.load.Block;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.testing.Effort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a file is cut, each of its rows is one row, and what a quote holds is none. */
class RowStartsTest {
  private static final String[] PIECES = {
    "A1",
    "\"A1\"",
    "A1,x",
    "A1,\"x\"",
    "\"A1\",\"x\"",
    "A1,\"",
    "\"",
    "x\",B1",
    "\",\"",
    "\"\"",
    ",\"\",",
    "A1,\"a \"\"b\"\"",
    "A\"1",
    "\"A1\"x,\"",
    "IN-A-QUOTE",
    ""
  };

  private static FileLayout layout() {
    return new FileLayout(
        false, ',', ",", List.of("code", "note"), 2, 0, -1, null, null, false, false, 10, 1);
  }

  private static byte[] file(String body) {
    return ("code,note\n" + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static List<Block> read(byte[] file, long from, long to) throws IOException {
    var rows = new RowReader(layout(), null, Instant.EPOCH);
    var block = new Block.Builder(from, 0, Integer.MAX_VALUE);
    var in = new ByteArrayInputStream(file, (int) from, file.length - (int) from);
    try (var lines = LineReader.atLine(in, from, to)) {
      while (lines.next()) {
        rows.read(lines, block);
      }
    }
    return List.of(block.build(to, to - from));
  }

  private static List<Long> codes(List<Block> blocks) {
    return blocks.stream().flatMap(b -> b.codes().stream()).map(NewCode::offset).toList();
  }

  private static List<Long> rejects(List<Block> blocks) {
    return blocks.stream().flatMap(b -> b.rejects().stream()).map(r -> r.offset()).toList();
  }

  private static long start(byte[] file, long place) throws IOException {
    var starts = new RowStarts(new Quotes(",", false), 10);
    long from = starts.lookFrom(place);
    int open = (int) (starts.isFirst(from) ? from : from - 1);
    var in = new ByteArrayInputStream(file, open, file.length - open);
    try (var lines =
        starts.isFirst(from)
            ? LineReader.atLine(in, from, file.length)
            : LineReader.anywhere(in, from, file.length)) {
      return starts.next(lines, place);
    }
  }

  static Stream<Long> seeds() {
    return IntStream.range(0, Effort.of(2, 12, 60)).mapToObj(seed -> 100L + seed);
  }

  private static String body(Random random, int pieces, int longest) {
    var body = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      body.append(PIECES[random.nextInt(PIECES.length)]);
      body.append("y".repeat(random.nextInt(longest)));
      body.append(random.nextInt(4) == 0 ? "\r\n" : "\n");
    }
    return body.toString();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void every_cut_gives_the_same_rows(long seed) throws IOException {
    var random = new Random(seed);
    // From files shorter than what is looked back to, to ones of many times that length.
    var file = file(body(random, 60 + random.nextInt(4_000), 1 + random.nextInt(400)));
    var whole = read(file, 10, file.length);
    for (int i = 0; i < 120; i++) {
      long place = 11 + random.nextInt(file.length - 11);
      long cut = start(file, place);
      if (cut < 0) {
        continue; // the part before goes on
      }
      assertThat(cut).isGreaterThanOrEqualTo(place);
      var both = new ArrayList<>(read(file, 10, cut));
      both.addAll(read(file, cut, file.length));
      assertThat(codes(both)).as("seed %s, cut at %s", seed, cut).isEqualTo(codes(whole));
      assertThat(rejects(both)).as("seed %s, cut at %s", seed, cut).isEqualTo(rejects(whole));
    }
  }

  @Test
  void place_in_a_file_without_quotes_is_as_good_as_any() throws IOException {
    var file = file("ABCDEFGHIJKLMN\n".repeat(20_000));
    for (long place : new long[] {11, 25, 26, 40, 1_000, 150_000, 299_980}) {
      assertThat(start(file, place)).isBetween(place, place + 14);
    }
  }

  @Test
  void place_inside_an_open_quote_is_not_taken_for_rows() throws IOException {
    var body =
        "A1,x\n".repeat(40_000)
            + "A2,\"open\n"
            + "IN,\n".repeat(500)
            + "\"\n"
            + "A3,x\n".repeat(100);
    var file = file(body);
    int open = new String(file, StandardCharsets.US_ASCII).indexOf("A2,");
    int behind = new String(file, StandardCharsets.US_ASCII).indexOf("A3,");
    assertThat(start(file, open + 1)).isEqualTo(behind);
    assertThat(start(file, open + 1_000)).isEqualTo(behind);
    assertThat(start(file, open)).isEqualTo(open);
  }

  @Test
  void file_that_can_be_read_in_two_ways_throughout_is_not_cut() throws IOException {
    var file = file("\"\n".repeat(1_500_000));
    assertThat(start(file, 200_000)).isEqualTo(-1);
  }
}
