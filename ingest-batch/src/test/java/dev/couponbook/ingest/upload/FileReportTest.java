package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.file.LoadOptions;
import dev.couponbook.file.StatedLayout;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.PickNumbers;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.RejectedRows;
import dev.couponbook.store.load.RejectedRows.RejectedRow;
import dev.couponbook.store.load.StagedCodes;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a file ends: its state, its summary and its rejects. */
class FileReportTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private static final String OURS =
      "reject_line,reject_byte_offset,reject_reason,reject_message,reject_hint";
  private static final String HEADER = "code,expiration," + OURS;

  private Loads loads;
  private FileReport report;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
    report = new FileReport(cloud.files(), loads.transactions());
  }

  /** A load of one part of ten bytes, read to here. */
  private CodeLoad read(NewFile file, long position, Counts counts, RejectedRow... rejects) {
    var load = loads.createWithPart(file);
    loads
        .transactions()
        .inTransaction(c -> {
          CodeLoads.begin(c, load.id());
          RejectedRows.add(c, load.id(), 0, List.of(rejects));
          return LoadParts.advance(
              c, load.id(), 0, new Move(0, position, counts.read(), position), counts);
        });
    return loads.current(load);
  }

  /** The load with the layout of a file that begins with this header. */
  private CodeLoad withHeader(CodeLoad load, String header) throws IOException {
    var head = FileHead.of(header.getBytes(StandardCharsets.US_ASCII));
    var layout = FindLayout.of(false, head, StatedLayout.NOTHING);
    loads
        .transactions()
        .run(c -> {
          CodeLoads.setLayout(c, load.id(), layout.toJson());
        });
    return loads.current(load);
  }

  private CodeLoad withCodes(CodeLoad load, String... codes) {
    var target = new Target(load.partner(), load.bookId(), load.id());
    if (load.options().isStaged()) {
      loads.transactions().inTransaction(c -> StagedCodes.add(c, target, Loads.codes(codes)));
    } else {
      var picks = new PickNumbers(loads.transactions(), load.bookId()).take(codes.length);
      loads
          .transactions()
          .inTransaction(c -> {
            CopyCodes.countFree(c, load.partner(), load.bookId(), codes.length);
            return CopyCodes.add(c, target, Loads.codes(codes), picks);
          });
    }
    return load;
  }

  private CodeLoad reported(CodeLoad load) throws IOException {
    report.make(load);
    return loads.current(load);
  }

  private String summary(CodeLoad load) {
    return cloud.get("summaries/%d/%s.json".formatted(load.partner().value(), load.publicId()));
  }

  private Stream<String> rejects(CodeLoad load) {
    return cloud
        .get("rejects/%d/%s.csv".formatted(load.partner().value(), load.publicId()))
        .lines();
  }

  @Test
  void file_read_to_its_end_is_completed_with_a_summary_and_no_rejects() throws IOException {
    var load = read(Loads.file(10), 10, new Counts(5, 2, 3, 0, 1, 1));
    assertThat(reported(withCodes(load, "A", "B")).state()).isEqualTo(State.COMPLETED);
    assertThat(summary(load))
        .isEqualTo(
            """
            {"state":"completed","fileName":"codes.csv","bytes":10,"dryRun":false,\
            "rows":{"read":5,"accepted":2,"duplicate":3,"rejected":0},\
            "duplicates":{"inThisFile":1,"inTheBook":1,"inOtherBooks":1},\
            "understood":{"header":false,"delimiter":",","codeColumn":1,"expirationColumn":2,"trim":false,\
            "columnsPassedOver":[]},"warnings":[],"rejectsByReason":{}}\
            """);
    assertThat(database.text("SELECT coalesce(rejects_key, 'none') FROM code_load"))
        .isEqualTo("none");
  }

  @Test
  void rejects_are_written_in_the_files_order_over_all_parts() throws IOException {
    var load =
        read(
            Loads.file(10),
            10,
            new Counts(2, 0, 0, 2, 0, 0),
            new RejectedRow(1, 4, "invalid_code", "a b,,x"),
            new RejectedRow(0, 0, "no_code", ",2030-01-01T00:00:00Z"));
    loads.addParts(load, new NewPart(1, 10, 20, 0));
    loads
        .transactions()
        .inTransaction(c -> {
          RejectedRows.add(
              c, load.id(), 1, List.of(new RejectedRow(0, 12, "invalid_code", "=1+1 x")));
          return LoadParts.advance(
              c, load.id(), 1, new Move(10, 20, 1, 10), new Counts(1, 0, 0, 1, 0, 0));
        });
    assertThat(reported(load).state()).isEqualTo(State.COMPLETED_WITH_REJECTS);
    assertThat(rejects(load))
        .satisfiesExactly(
            header -> assertThat(header).isEqualTo(HEADER + ",reject_rest"),
            row ->
                assertThat(row).startsWith("\"\",2030-01-01T00:00:00Z,1,0,no_code,The row has no"),
            row -> assertThat(row).startsWith("a b,,2,4,invalid_code,"),
            row -> assertThat(row).startsWith("'=1+1 x,,3,12,invalid_code,"));
    assertThat(summary(load)).contains("\"rejectsByReason\":{\"invalid_code\":2,\"no_code\":1}");
  }

  @Test
  void more_rejects_than_a_page_come_once_each_and_in_order() throws IOException {
    var rows = new ArrayList<RejectedRow>();
    for (int line = 0; line < 450; line++) {
      rows.add(new RejectedRow(line, line * 4L, "invalid_code", "a " + line));
    }
    var load =
        read(
            Loads.file(10), 10, new Counts(450, 0, 0, 450, 0, 0), rows.toArray(RejectedRow[]::new));
    report.make(load);
    var written = rejects(load).skip(1).toList();
    assertThat(written).hasSize(450);
    for (int line = 0; line < 450; line++) {
      assertThat(written.get(line))
          .startsWith("a %d,,%d,%d,invalid_code,".formatted(line, line + 1, line * 4));
    }
  }

  @Test
  void columns_of_an_earlier_report_are_replaced_and_its_apostrophes_do_not_double()
      throws IOException {
    var header =
        "code;note;reject_line;reject_byte_offset;reject_reason;reject_message;reject_hint;reject_rest\n";
    var load =
        read(
            Loads.file(10),
            10,
            new Counts(1, 0, 0, 1, 0, 0),
            new RejectedRow(0, 0, "invalid_code", "'=1 x;first;7;70;old;old;old;"));
    report.make(withHeader(load, header));
    assertThat(rejects(load).toList().getFirst()).isEqualTo("code,note," + OURS);
    assertThat(rejects(load).toList().getLast()).startsWith("'=1 x,first,1,0,invalid_code,");
  }

  @Test
  void row_comes_back_whole_with_what_the_header_has_no_column_for() throws IOException {
    var header = "code,message,line,hint\n";
    var load =
        read(
            Loads.file(10),
            10,
            new Counts(2, 0, 0, 2, 0, 0),
            new RejectedRow(0, 23, "invalid_code", "a b,Dear Ann,7,call her,\"x, y\",=z"),
            new RejectedRow(1, 60, "invalid_code", "'=1 x,,,"));
    report.make(withHeader(load, header));
    assertThat(rejects(load))
        .satisfiesExactly(
            names -> assertThat(names).isEqualTo("code,message,line,hint," + OURS + ",reject_rest"),
            row ->
                assertThat(row)
                    .startsWith("a b,Dear Ann,7,call her,1,23,")
                    .endsWith(",\"x, y,=z\""),
            row -> assertThat(row).startsWith("''=1 x,,,,2,60,").contains("apostrophe"));
  }

  @Test
  void bound_of_rejects_fails_the_load_and_keeps_nothing() throws IOException {
    var bounded = new LoadOptions(false, false, null, 1L, StatedLayout.NOTHING);
    var good =
        withCodes(
            read(Loads.asking(bounded, Loads.file(10)), 10, new Counts(2, 1, 0, 1, 0, 0)), "A");
    assertThat(reported(good).state()).isEqualTo(State.COMPLETED_WITH_REJECTS);
    var bad =
        withCodes(
            read(Loads.asking(bounded, Loads.file(10)), 10, new Counts(3, 1, 0, 2, 0, 0)), "B");
    assertThat(reported(bad).state()).isEqualTo(State.FAILED);
    assertThat(summary(bad)).contains("More than 1 rows would be rejected");
    assertThat(database.text("SELECT string_agg(code, ',') FROM coupon")).isEqualTo("A");
  }

  @Test
  void doomed_load_fails_and_keeps_the_codes_of_its_committed_chunks() throws IOException {
    var load = withCodes(read(Loads.file(10), 4, new Counts(1, 1, 0, 0, 0, 0)), "A");
    doom(load);
    assertThat(reported(loads.current(load)).state()).isEqualTo(State.FAILED);
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(1);
    assertThat(summary(load)).contains("\"reason\":\"the file is broken\"");
  }

  private void doom(CodeLoad load) {
    loads
        .transactions()
        .run(c -> {
          CodeLoads.doom(c, load.id(), "the file is broken");
        });
  }

  @Test
  void cancelled_load_is_completed_if_its_last_row_was_read() throws IOException {
    var cut = withCodes(read(Loads.file(10), 4, new Counts(1, 1, 0, 0, 0, 0)), "A");
    var whole = withCodes(read(Loads.file(10), 10, new Counts(1, 1, 0, 0, 0, 0)), "B");
    for (var load : List.of(cut, whole)) {
      loads.transactions().inTransaction(c -> CodeLoads.requestCancel(c, load.id()));
    }
    assertThat(reported(loads.current(cut)).state()).isEqualTo(State.CANCELLED);
    assertThat(reported(loads.current(whole)).state()).isEqualTo(State.COMPLETED);
  }

  @Test
  void dry_run_is_reported_like_a_real_one_and_keeps_nothing() throws IOException {
    var load =
        withCodes(read(Loads.dryRun(Loads.file(10)), 10, new Counts(2, 2, 0, 0, 0, 0)), "A", "B");
    assertThat(reported(load).state()).isEqualTo(State.COMPLETED);
    assertThat(summary(load)).contains("\"dryRun\":true").contains("\"accepted\":2");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
  }

  @Test
  void all_or_nothing_keeps_all_if_no_code_existed_and_nothing_otherwise() throws IOException {
    var file = Loads.allOrNothing(Loads.file(10));
    var clean = withCodes(read(file, 10, new Counts(2, 2, 0, 0, 0, 0)), "A", "B");
    assertThat(reported(clean).state()).isEqualTo(State.COMPLETED);
    assertThat(database.number("SELECT count(*) FROM coupon")).isEqualTo(2);
    var clash = withCodes(read(file, 10, new Counts(2, 2, 0, 0, 0, 0)), "C", "D");
    database.rows().named(loads.book(), "D");
    assertThat(reported(clash).state()).isEqualTo(State.FAILED);
    assertThat(database.text("SELECT string_agg(code, ',' ORDER BY code) FROM coupon"))
        .isEqualTo("A,B,D");
    assertThat(database.number("SELECT count(*) FROM code_staged")).isZero();
  }

  @Test
  void all_or_nothing_keeps_nothing_once_its_book_is_closed() throws IOException {
    var file = Loads.allOrNothing(Loads.file(10));
    var load = withCodes(read(file, 10, new Counts(2, 2, 0, 0, 0, 0)), "A", "B");
    database.rows().close(loads.book());
    assertThat(reported(load).state()).isEqualTo(State.FAILED);
    assertThat(summary(load)).contains(CodeLoads.BOOK_CLOSED);
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
  }

  @Test
  void finished_load_is_not_reported_again() throws IOException {
    var load = withCodes(read(Loads.file(10), 10, new Counts(1, 1, 0, 0, 0, 0)), "A");
    var done = reported(load);
    cloud.delete("summaries/%d/%s.json".formatted(load.partner().value(), load.publicId()));
    report.make(done);
    assertThat(
            cloud
                .files()
                .head("summaries/%d/%s.json".formatted(load.partner().value(), load.publicId())))
        .isEmpty();
  }
}
