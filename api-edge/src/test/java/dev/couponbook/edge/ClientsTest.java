package dev.couponbook.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.couponbook.client.ApiClient;
import dev.couponbook.client.ApiException;
import dev.couponbook.client.BooksApi;
import dev.couponbook.client.CommandsApi;
import dev.couponbook.client.RequestsApi;
import dev.couponbook.client.model.Assign;
import dev.couponbook.client.model.RequestStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that were generated from the description of the API: the Java one is compiled with this
 * test, the TypeScript one by it.
 */
class ClientsTest {
  private static final Path COMPILER = Path.of("target/typescript-compiler/tsc.js");
  private static final Path CLIENT = Path.of("target/typescript-client").toAbsolutePath();

  private static final UUID BOOK = UUID.fromString(RunningEdge.BOOK);

  private final RunningEdge running = RunningEdge.shared();

  private ApiClient client() {
    var client = new ApiClient();
    client.updateBaseUri(running.edge.address());
    var token = running.surroundings.issuer.token("acme");
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return client;
  }

  @Test
  void the_java_client_reads_books_and_refusals() throws ApiException {
    var books = new BooksApi(client());
    var page = books.books(null, 1);
    assertThat(page.getBooks()).hasSize(1);
    assertThat(page.getBooks().getFirst().getBookName()).isEqualTo("Summer");
    assertThatThrownBy(() -> books.codesOfUser(BOOK, "nobody@example.com", null))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getCode()).isEqualTo(404));
  }

  @Test
  void the_java_client_sends_a_command_and_polls_it() throws ApiException {
    var assign = new Assign().bookId(BOOK).email("ann@example.com");
    var kept = new CommandsApi(client()).assignAnyWithHttpInfo(assign, "\"client-1\"", null);
    assertThat(kept.getStatusCode()).isEqualTo(202);
    var location = Objects.requireNonNull(kept.getHeaders().get("location")).getFirst();
    var request = new RequestsApi(client()).requestState(location.replaceFirst(".*/", ""), null);
    assertThat(request.getStatus()).isEqualTo(RequestStatus.QUEUED);
    running.surroundings.awaitMessage("coupon-commands");
  }

  @Test
  void the_typescript_client_compiles(@TempDir Path directory) throws Exception {
    var use =
        """
        import { BooksApi, Configuration } from '%s';
        const books = new BooksApi(new Configuration({ basePath: 'http://edge', accessToken: 't' }));
        books.books({ limit: 1 }).then(page => console.log(page.books[0].bookName.length));
        """;
    assertThat(compiled(directory, use)).isEmpty();
    assertThat(compiled(directory, use.replace("limit: 1", "limit: 'one'")))
        .as("a wrong use")
        .contains("Type 'string' is not assignable to type 'number'");
  }

  private static String compiled(Path directory, String use)
      throws IOException, InterruptedException {
    var file = directory.resolve("use.ts");
    Files.writeString(file, use.formatted(CLIENT.resolve("index")));
    try {
      var process =
          new ProcessBuilder(
                  "node",
                  COMPILER.toString(),
                  "--noEmit",
                  "--strict",
                  "--skipLibCheck",
                  "--target",
                  "es2022",
                  "--module",
                  "preserve",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException e) {
      assumeTrue(false, "Node is not here to run the TypeScript compiler: " + e.getMessage());
      throw e;
    }
  }
}
