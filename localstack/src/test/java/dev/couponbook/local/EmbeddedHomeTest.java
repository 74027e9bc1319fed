package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.schema.MigrateDatabase;
import dev.couponbook.schema.MigrationException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedHomeTest {
  private HomeDirectory directory;
  private LocalHome home;
  private HomeClients clients;

  @BeforeAll
  void start(@TempDir Path data) {
    directory = new HomeDirectory(data);
    home = LocalHome.start(directory, HomeTerms.embedded(FreePorts.base()), Resources.load());
    clients = new HomeClients(HomeFile.read(directory).orElseThrow());
  }

  @AfterAll
  void stop() {
    clients.close();
    home.close();
    assertThat(directory.readyFile("infra")).doesNotExist();
  }

  @Test
  void postgres_keeps_what_it_has_committed() throws SQLException {
    var settings = new LinkedHashMap<String, String>();
    try (var connection = clients.connect("coupon_ops");
        var statement = connection.createStatement()) {
      for (var name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        var row = statement.executeQuery("SHOW " + name);
        row.next();
        settings.put(name, row.getString(1));
      }
      var row = statement.executeQuery("SHOW listen_addresses");
      row.next();
      assertThat(row.getString(1)).isEqualTo("127.0.0.1");
    }
    assertThat(settings.values()).containsOnly("on");
  }

  @Test
  void each_program_logs_in_with_its_own_password_only() throws SQLException {
    for (var role : HomeFile.PROGRAM_ROLES) {
      clients.connect(role).close();
      assertThatThrownBy(() -> clients.connect(role, "other"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }
    assertThatThrownBy(() -> clients.connect(HomeFile.SUPERUSER, ""))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void an_owner_with_a_wrong_password_is_told_so() {
    var owner = new PGSimpleDataSource();
    owner.setUrl(clients.file.databaseUrl());
    owner.setUser(HomeFile.OWNER);
    owner.setPassword("wrong");
    assertThatThrownBy(() -> new MigrateDatabase(owner, "here").missing())
        .isInstanceOf(MigrationException.class)
        .hasMessageStartingWith("The server of here does not let the owner in")
        .hasMessageContaining("COUPON_OWNER_PASSWORD");
  }

  // With more, a home could do what a managed database cannot.
  @Test
  void the_owner_of_the_schema_has_what_one_on_aurora_has() throws SQLException {
    try (var connection = clients.connect("coupon_ops");
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                SELECT rolsuper, rolbypassrls, rolreplication, rolcanlogin, rolcreatedb, rolcreaterole
                FROM pg_roles
                WHERE rolname = 'coupon_owner'
                """)) {
      row.next();
      for (var lacks : List.of("rolsuper", "rolbypassrls", "rolreplication")) {
        assertThat(row.getBoolean(lacks)).as(lacks).isFalse();
      }
      for (var has : List.of("rolcanlogin", "rolcreatedb", "rolcreaterole")) {
        assertThat(row.getBoolean(has)).as(has).isTrue();
      }
    }
  }

  @Test
  void secrets_are_readable_by_their_owner_only() throws IOException {
    for (var file : List.of(directory.homeFile(), directory.issuer().resolve("key"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  /** With two threads, the store can stop keeping messages; application.conf explains how. */
  @Test
  void the_queues_and_their_store_share_one_thread() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .filteredOn(name -> name.contains("-queues-and-store-"))
        .hasSize(1);
  }

  @Test
  void an_event_that_was_sent_is_not_kept() throws Exception {
    var signed = clients.presigned("uploads/1/sent.csv", 8);
    assertThat(clients.put(signed.url().toString(), signed, "code\nAB\n")).isEqualTo(200);
    assertThat(clients.take("coupon-uploads", 5)).hasSize(1);
    assertThat(directory.outbox()).isEmptyDirectory();
  }

  @Test
  void a_token_verifies_with_the_served_key() throws Exception {
    var issuerUrl = clients.file.ports().issuerUrl();
    var token =
        Issuer.read(directory).token(issuerUrl, "acme", Instant.now(), Duration.ofMinutes(1));
    var parts = token.split("\\.");
    var jwks =
        clients
            .http
            .send(
                HttpRequest.newBuilder(URI.create(clients.file.ports().jwksUrl())).build(),
                BodyHandlers.ofString())
            .body();
    var key = HomeClients.json(jwks).path("keys").get(0);
    var header = HomeClients.json(decoded(parts[0]));
    assertThat(header.path("alg").asString()).isEqualTo("RS256");
    assertThat(header.path("kid").asString()).isEqualTo(key.path("kid").asString());
    var claims = HomeClients.json(decoded(parts[1]));
    assertThat(claims.path("iss").asString()).isEqualTo(issuerUrl);
    assertThat(claims.path("client_id").asString()).isEqualTo("acme");
    assertThat(claims.path("token_use").asString()).isEqualTo("access");

    var signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    number(key.path("n").asString()), number(key.path("e").asString()))));
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static BigInteger number(String base64Url) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(base64Url));
  }

  @Test
  void the_timer_sends_the_event_of_eventbridge() {
    var client = SqsClient.of(clients.file);
    var schedule = new Resources.Schedule("often", "rate(1 minute)", "coupon-sweeps-dead");
    try (var timer = new ScheduleTimer(client, "eu-central-1")) {
      timer.start(schedule, Duration.ofMillis(200));
      var event = HomeClients.json(clients.take("coupon-sweeps-dead", 5).getFirst());
      assertThat(event.path("detail-type").asString()).isEqualTo("Scheduled Event");
      assertThat(event.path("source").asString()).isEqualTo("aws.events");
      assertThat(event.path("resources").get(0).asString()).endsWith(":rule/often");
      assertThat(Instant.parse(event.path("time").asString()))
          .isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(1));
    }
  }

  @Test
  void a_second_home_on_the_same_directory_is_refused() {
    // From another JVM the lock is simply taken; in the same one, Java itself objects.
    assertThatThrownBy(() ->
            LocalHome.start(directory, HomeTerms.embedded(FreePorts.base()), Resources.load()))
        .isInstanceOf(HomeException.class)
        .hasMessageContaining("Another home runs on " + directory.root())
        .hasMessageContaining("down");
  }

  @Test
  void a_port_that_is_in_use_is_named(@TempDir Path other) {
    int used = clients.file.ports().s3();
    assertThatThrownBy(() ->
            LocalHome.start(
                new HomeDirectory(other), HomeTerms.embedded(used - 3), Resources.load()))
        .isInstanceOf(HomeException.class)
        .hasMessageContaining("Port " + clients.file.ports().postgres() + " is in use")
        .hasMessageContaining("--port-base");
  }
}
