package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.file.LoadOptions;
import dev.couponbook.ingest.GzipFile;
import dev.couponbook.ingest.Loads;
import dev.couponbook.ingest.LocalCloud;
import dev.couponbook.ingest.load.LoadMeters;
import dev.couponbook.store.load.CodeLoad;
import dev.couponbook.store.load.CodeLoad.State;
import dev.couponbook.store.load.CodeLoads;
import dev.couponbook.store.load.CodeLoads.NewFile;
import dev.couponbook.store.load.LoadParts;
import dev.couponbook.store.load.LoadParts.Part;
import dev.couponbook.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What planning a file leaves in the database. */
class PlannedFileTest {
  @RegisterExtension static final LocalCloud cloud = new LocalCloud();

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private Loads loads;
  private FilePlan plan;

  @BeforeEach
  void createBook() {
    loads = new Loads(database);
    var meters = new LoadMeters(new SimpleMeterRegistry());
    plan = new FilePlan(cloud.files(), loads.transactions(), meters, 10);
  }

  private NewFile uploaded(byte[] file) {
    var key = "uploads/%d/plan.csv".formatted(loads.book().partner());
    var etag = cloud.put(key, Map.of(), file);
    return new NewFile(null, key, etag, null, file.length, LoadOptions.USUAL);
  }

  private CodeLoad planned(NewFile file) throws IOException {
    var load = loads.create(file);
    plan.make(load);
    return loads.current(load);
  }

  private List<Part> parts(CodeLoad load) {
    return loads.transactions().inTransaction(c -> LoadParts.ofLoad(c, load.id()));
  }

  private static byte[] bytes(String file) {
    return file.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void parts_begin_after_the_header_and_cover_the_file() throws IOException {
    var file = bytes("code\n" + Loads.lines("P", 1_000));
    var load = planned(uploaded(file));
    assertThat(load.state()).isEqualTo(State.RUNNING);
    var parts = parts(load);
    assertThat(parts).hasSizeBetween(30, 60);
    assertThat(parts.getFirst().from()).isEqualTo(5);
    assertThat(parts.getFirst().lines()).as("the header").isEqualTo(1);
    assertThat(parts.get(1).lines()).isZero();
    assertThat(parts.getLast().to()).isEqualTo(file.length);
    assertThat(parts).extracting(Part::position).isEqualTo(parts.stream().map(Part::from).toList());
  }

  @Test
  void plan_that_was_cut_off_is_made_again_and_moves_no_part_back() throws IOException {
    var load = planned(uploaded(bytes(Loads.lines("P", 5))));
    loads
        .transactions()
        .inTransaction(c ->
            LoadParts.advance(
                c, load.id(), 0, new LoadParts.Move(0, 10, 1, 10), LoadParts.Counts.NONE));
    plan.make(load);
    assertThat(parts(load)).extracting(Part::position).containsExactly(10L);
  }

  @Test
  void compressed_file_is_one_part_in_bytes_of_its_text() throws IOException {
    var load = planned(uploaded(GzipFile.of(bytes("code;note\n" + Loads.lines("P", 1_000)))));
    assertThat(parts(load)).hasSize(1);
    assertThat(parts(load).getFirst().from()).isEqualTo(10);
    assertThat(load.layout()).contains("\"gzip\":true").contains("\"delimiter\":\";\"");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16,looks like UTF-16", "US-ASCII,several columns that may be meant"})
  void file_that_cannot_be_read_is_doomed_with_its_reason(String encoding, String reason)
      throws Exception {
    var load = planned(uploaded("code,code\nAAA\n".getBytes(encoding)));
    assertThat(load.reason()).contains(reason);
    assertThat(parts(load)).isEmpty();
  }

  @Test
  void empty_file_is_doomed() throws IOException {
    assertThat(planned(uploaded(new byte[0])).reason()).isEqualTo("The file is empty");
  }

  @Test
  void file_that_was_compressed_twice_is_doomed() throws IOException {
    assertThat(planned(uploaded(GzipFile.of(GzipFile.of(bytes("AAA\n"))))).reason())
        .contains("compressed twice");
  }

  @Test
  void file_with_another_checksum_than_declared_is_doomed_before_its_first_part() throws Exception {
    var file = bytes(Loads.lines("S", 100));
    var sha256 =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(file));
    var good = planned(Loads.declaring(sha256, uploaded(file)));
    assertThat(good.reason()).isNull();
    assertThat(parts(good)).isNotEmpty();
    file[100]++;
    var damaged = planned(Loads.declaring(sha256, uploaded(file)));
    assertThat(damaged.reason()).contains("SHA-256");
    assertThat(parts(damaged)).isEmpty();
  }

  @Test
  void file_for_a_closed_book_is_doomed_unread() throws IOException {
    database.rows().close(loads.book());
    var load = planned(uploaded(bytes("code,code\n")));
    assertThat(load.reason()).isEqualTo(CodeLoads.BOOK_CLOSED);
    assertThat(parts(load)).isEmpty();
  }

  @Test
  void file_that_was_replaced_since_its_event_is_doomed() throws IOException {
    var file = uploaded(bytes("AAA\n"));
    uploaded(bytes("BBB\n"));
    assertThat(planned(file).reason()).contains("replaced");
  }
}
