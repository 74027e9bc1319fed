package dev.couponbook.local;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL with its data kept: safe settings, passwords for all, loopback only. */
final class PostgresServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

  // Replaying the log of a killed server (up to max_wal_size) once took 87 s on a busy machine.
  private static final Duration START_LIMIT = Duration.ofSeconds(170);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          // The library's defaults are meant for tests: they lose committed data.
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          // Four programs with a pool each, the launcher, and room for a second ingest process.
          Map.entry("max_connections", "120"),
          // Lets a load of a few million codes run between two checkpoints: each checkpoint
          // makes it slower.
          Map.entry("max_wal_size", "4GB"),
          Map.entry("checkpoint_timeout", "15min"),
          // Statements here are small; compiling one costs more than it saves.
          Map.entry("jit", "off"));

  private final EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * An eighth of the machine's memory, a gigabyte at most; PostgreSQL touches it only as needed. A
   * load writes all over the index of codes: if the index fits, each page is written once.
   */
  private static long sharedMegabytes() {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.clamp(machine.getTotalMemorySize() >> 20 >> 3, 128, 1024);
  }

  static PostgresServer start(HomeDirectory home, HomeFile file) {
    RootCheck.refuseHopelessRoot();
    StalePostmaster.stop(home.postgres())
        .ifPresent(pid ->
            LOG.info("stopped PostgreSQL process {}, which a killed home had left behind", pid));
    removeUnfinished(home.postgres());
    var log = Redirect.appendTo(home.logFile("postgres").toFile());
    var passwordFile = home.run().resolve("postgres.pw");
    try {
      SecretFile.write(
          passwordFile, file.password(HomeFile.SUPERUSER).getBytes(StandardCharsets.UTF_8));
      var builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries().toFile())
              .setDataDirectory(home.postgres())
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPort(file.ports().postgres())
              .setPGStartupWait(START_LIMIT)
              .setConnectConfig("password", file.password(HomeFile.SUPERUSER))
              .setOutputRedirector(log)
              .setErrorRedirector(log)
              // These become arguments of initdb, after the library's own "-A trust".
              .setLocaleConfig("auth", "scram-sha-256")
              .setLocaleConfig("pwfile", passwordFile.toString())
              .setLocaleConfig("locale", "C")
              .setLocaleConfig("locale-provider", "builtin")
              .setLocaleConfig("builtin-locale", "C.UTF-8");
      SETTINGS.forEach(builder::setServerConfig);
      builder.setServerConfig("shared_buffers", sharedMegabytes() + "MB");
      return new PostgresServer(builder.start());
    } catch (IOException | RuntimeException e) {
      throw new HomeException(
          "PostgreSQL did not start ("
              + e.getMessage()
              + "); its own messages are in "
              + home.logFile("postgres")
              + ".",
          e);
    } finally {
      delete(passwordFile);
    }
  }

  // The library takes its lock after initdb: without that file, initdb did not finish.
  private static void removeUnfinished(Path data) {
    if (!Files.exists(data) || Files.exists(data.resolve("epg-lock"))) {
      return;
    }
    LOG.info("the first start was interrupted; PostgreSQL's directory is created anew");
    try (var paths = Files.walk(data)) {
      paths.sorted(Comparator.reverseOrder()).forEach(PostgresServer::delete);
    } catch (IOException e) {
      throw new HomeException(data + " is unfinished and cannot be removed (" + e + ").", e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new HomeException(path + " cannot be removed (" + e + ").", e);
    }
  }

  // Writable by this user alone: in the shared temp folder, anybody could put a server of their
  // own there.
  private static Path binaries() throws IOException {
    var cache = System.getenv("XDG_CACHE_HOME");
    var base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return Files.createDirectories(base.resolve("couponbook").resolve("postgres"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
