package dev.couponbook.cli.testing;

import dev.couponbook.testing.CouponFactory;
import dev.couponbook.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A home with a database, of which nothing else runs: one for each test, or, in a static field, one
 * for all tests of the class.
 */
public final class TestHome
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final TestDatabase database = TestDatabase.named("couponbook");
  private boolean ofTheClass;
  private @Nullable HomeFolder folder;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    ofTheClass = true;
    make(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!ofTheClass) {
      make(context);
    }
  }

  private void make(ExtensionContext context) throws IOException {
    database.beforeEach(context);
    folder =
        new HomeFolder(Files.createTempDirectory("home"))
            .with("database", "postgresql://postgres:test@127.0.0.1:" + database.port());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException, SQLException {
    if (!ofTheClass) {
      remove(context);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, SQLException {
    remove(context);
  }

  private void remove(ExtensionContext context) throws IOException, SQLException {
    try (var paths = Files.walk(folder().directory().root())) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    database.afterEach(context);
  }

  public HomeFolder folder() {
    return Objects.requireNonNull(folder, "the home is there from beforeEach on");
  }

  public TestDatabase database() {
    return database;
  }

  public CouponFactory rows() {
    return database.rows();
  }

  public Ran run(String... words) {
    return folder().run(words);
  }
}
