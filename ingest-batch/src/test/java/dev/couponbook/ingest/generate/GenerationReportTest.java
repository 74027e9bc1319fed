package dev.couponbook.ingest.generate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.CommandMessage;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.PickNumbers;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CopyCodes;
import dev.couponbook.store.load.CopyCodes.Target;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Counts;
import dev.couponbook.store.load.LoadParts.Move;
import dev.couponbook.store.load.LoadParts.NewPart;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.store.load.NewCode;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a generation ends: its codes as a file, and the answer to its request. */
class GenerationReportTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;
  private GenerationReport report;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
    report = new GenerationReport(cloud.files(), loads.transactions());
  }

  private CodeLoad begun(CommandMessage message) {
    loads.transactions().inTransaction(c -> new StartGeneration().start(c, message));
    var load =
        loads
            .transactions()
            .inTransaction(c ->
                CodeLoads.find(c, loads.partner(), new LoadId(message.requestId().value()))
                    .orElseThrow());
    loads.addParts(load, new NewPart(0, 0, Generation.of(load).generated().amount(), 0));
    return load;
  }

  /** Makes the codes of these counters, as a part does, and leaves out those that exist. */
  private void generate(CodeLoad load, int counters) {
    var part = loads.part(load, 0);
    var codes = codes(load, part, counters);
    Collections.sort(codes);
    var target = new Target(load.partner(), load.bookId(), load.id());
    var picks = new PickNumbers(loads.transactions(), load.bookId()).take(codes.size());
    loads
        .transactions()
        .inTransaction(c -> {
          var duplicates = CopyCodes.add(c, target, codes, picks).size();
          int added = codes.size() - duplicates;
          CopyCodes.countFree(c, load.partner(), load.bookId(), added);
          return LoadParts.advance(
              c,
              load.id(),
              0,
              new Move(part.position(), part.position() + counters, 0, 0),
              new Counts(codes.size(), added, duplicates, 0, 0, 0));
        });
  }

  private static List<NewCode> codes(CodeLoad load, Part part, int counters) {
    return requireNonNull(CounterBlocks.open(load, part, counters).next()).codes();
  }

  private String outcome(CommandMessage message) {
    return database.text(
        "SELECT status || ' ' || body::text FROM command_outcome WHERE request_id = ?",
        message.requestId().value());
  }

  private List<String> csv(CodeLoad load) {
    return cloud
        .get("codes/%d/%s.csv".formatted(load.partner().value(), load.publicId()))
        .lines()
        .toList();
  }

  @Test
  void complete_generation_is_answered_and_its_codes_are_a_file() throws IOException {
    var message = loads.message(loads.add(2_000, "\"{#:8}", List.of("MINE", "YOU,RS")));
    var load = begun(message);
    generate(load, 2_000);
    report.make(load);
    assertThat(loads.current(load).state()).isEqualTo(State.COMPLETED);
    assertThat(outcome(message)).isEqualTo("201 {\"amount\":2002,\"manual\":2,\"generated\":2000}");
    var csv = csv(load);
    assertThat(csv).hasSize(2_003).doesNotHaveDuplicates();
    assertThat(csv).startsWith("code,expiration", "MINE,", "\"YOU,RS\",");
    assertThat(csv.getLast()).matches("\"\"\"[2-9A-Z]{8}\",");
  }

  @Test
  void file_leaves_out_counters_whose_codes_others_had() throws IOException {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of()));
    var load = begun(message);
    var taken = codes(load, loads.part(load, 0), 10).stream().map(NewCode::text).toList();
    taken.forEach(code -> database.rows().named(loads.book(), code));
    generate(load, 2_000);
    cancel(load);
    report.make(loads.current(load));
    assertThat(csv(load)).hasSize(1_991);
    assertThat(csv(load)).doesNotContainAnyElementsOf(taken.stream().map(c -> c + ",").toList());
  }

  private void cancel(CodeLoad load) {
    loads.transactions().inTransaction(c -> CodeLoads.requestCancel(c, load.id()));
  }

  @Test
  void cancelled_generation_keeps_what_it_has_and_says_so() throws IOException {
    var message = loads.message(loads.add(2_000, "{#:8}", List.of("MINE")));
    var load = begun(message);
    generate(load, 500);
    cancel(load);
    report.make(loads.current(load));
    assertThat(loads.current(load).state()).isEqualTo(State.CANCELLED);
    assertThat(outcome(message))
        .isEqualTo("200 {\"amount\":501,\"manual\":1,\"generated\":500,\"cancelled\":true}");
    assertThat(csv(load)).hasSize(502);
  }

  @Test
  void generation_that_fell_short_is_refused_and_keeps_nothing() throws IOException {
    var message = loads.message(loads.add(2_000, "{9:6}", List.of("MINE")));
    var load = begun(message);
    generate(load, 1_500);
    report.make(load);
    assertThat(loads.current(load).state()).isEqualTo(State.FAILED);
    assertThat(outcome(message))
        .startsWith("400 ")
        .contains("Failed to generate 2000 random new codes");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
  }

  @Test
  void doomed_generation_is_answered_as_our_own_error() throws IOException {
    var message = loads.message(loads.add(2_000, "{9:6}", List.of()));
    var load = begun(message);
    loads
        .transactions()
        .run(c -> {
          CodeLoads.doom(c, load.id(), "it was set aside");
        });
    report.make(loads.current(load));
    assertThat(outcome(message)).startsWith("500 ").contains("internal_error");
  }

  @Test
  void generation_whose_book_was_closed_is_refused_for_that_and_keeps_nothing() throws IOException {
    var message = loads.message(loads.add(2_000, "{9:6}", List.of("MINE")));
    var load = begun(message);
    generate(load, 500);
    database.rows().close(loads.book());
    loads.transactions().inTransaction(c -> CodeLoads.doomIfBookClosed(c, load.id()));
    report.make(loads.current(load));
    assertThat(loads.current(load).state()).isEqualTo(State.FAILED);
    assertThat(outcome(message)).startsWith("409 ").contains("book_closed");
    assertThat(database.number("SELECT count(*) FROM coupon")).isZero();
  }

  @Test
  void finished_generation_is_not_answered_again() throws IOException {
    var message = loads.message(loads.add(2_000, "{9:6}", List.of()));
    var load = begun(message);
    generate(load, 2_000);
    report.make(load);
    report.make(load); // as a process that was thought dead
    report.make(loads.current(load));
    assertThat(database.number("SELECT count(*) FROM command_outcome")).isEqualTo(1);
  }
}
