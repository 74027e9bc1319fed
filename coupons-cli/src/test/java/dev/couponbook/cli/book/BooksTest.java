package dev.couponbook.cli.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.testing.TestHome;
import dev.couponbook.json.Json;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BooksTest {
  @RegisterExtension final TestHome home = new TestHome();

  @Test
  void a_book_is_shown_with_its_counts_and_what_was_done_to_it() {
    var rows = home.rows();
    var book = rows.book(rows.partner("acme"));
    rows.free(book, 3);
    rows.blocked(book, "ann@x");
    rows.pause(book);

    var shown = Json.mapper().readTree(home.run("books", "show", book.id() + "", "--json").out());
    assertThat(shown.path("partner").asString()).isEqualTo("acme");
    assertThat(shown.path("state").asString()).isEqualTo("paused");
    assertThat(shown.path("version").asInt()).isEqualTo(2);
    assertThat(shown.path("counts").path("free").asInt()).isEqualTo(3);
    assertThat(shown.path("counts").path("blocked").asInt()).isEqualTo(1);
    assertThat(shown.path("changes")).hasSize(1);

    assertThat(home.run("books", "show", book.id().toString()).out())
        .contains("of acme", "paused, version 2", "version 2 at ");
  }

  @Test
  void a_book_that_is_not_there_and_an_order_without_an_act_are_told() {
    var absent = home.run("books", "pause", UUID.randomUUID().toString(), "--why", "test");
    assertThat(absent.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(absent.err()).startsWith("There is no book ");
    var rows = home.rows();
    var book = rows.book(rows.partner("acme"));
    var nothing = home.run("books", "change", book.id().toString(), "--why", "test");
    assertThat(nothing.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(nothing.err()).startsWith("Nothing is to change: ");
    assertThat(home.run("books", "show", "no-id").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
