package dev.couponbook.local;

import dev.couponbook.program.Environment;
import dev.couponbook.program.ReadyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local cloud: the embedded one, or LocalStack together with what it lacks (tokens, and a
 * database if there is none). Started with {@code --data DIR --port-base N [--home KIND]
 * [--endpoint URL]}; ready when {@code DIR/run/infra.ready} is there; SIGTERM stops it in order.
 */
public final class LocalHome implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalHome.class);

  /** With less than this, PostgreSQL would soon stop in the middle of its work. */
  private static final long LEAST_FREE_BYTES = 300L << 20;

  private final HomeDirectory home;
  private final Parts parts = new Parts();
  private final ReadyFile readyFile;

  private LocalHome(HomeDirectory home) {
    this.home = home;
    this.readyFile = new ReadyFile(home.readyFile("infra"));
  }

  public static void main(String[] arguments) {
    try {
      var settings = Settings.of(arguments);
      var resources = Resources.load().asSet(new Environment(System.getenv()));
      var home = start(settings.home(), settings.terms(), resources);
      Runtime.getRuntime().addShutdownHook(new Thread(home::close, "stop"));
      new CountDownLatch(1).await();
    } catch (Environment.BadSettingException e) {
      System.err.println("infra: " + e.getMessage());
      System.exit(Environment.BAD_SETTING);
    } catch (HomeException e) {
      System.err.println(e.getMessage());
      // The threads of servers that did start would keep a failed home alive.
      System.exit(1);
    } catch (InterruptedException e) {
      System.exit(1);
    }
  }

  private record Settings(HomeDirectory home, HomeTerms terms) {
    static Settings of(String[] arguments) {
      String data = ".data";
      int portBase = Ports.DEFAULT_BASE;
      var kind = HomeKind.EMBEDDED;
      String endpoint = null;
      // It has a password, and so does not belong in a list of processes.
      var database = System.getenv("COUPON_HOME_DATABASE");
      for (int i = 0; i + 1 < arguments.length; i += 2) {
        var value = arguments[i + 1];
        switch (arguments[i]) {
          case "--data" -> data = value;
          case "--port-base" -> portBase = number(value);
          case "--home" -> kind = HomeKind.valueOf(value.toUpperCase(Locale.ROOT));
          case "--endpoint" -> endpoint = value;
          default -> throw new HomeException("Unknown argument " + arguments[i] + ".");
        }
      }
      return new Settings(
          new HomeDirectory(Path.of(data)), new HomeTerms(portBase, kind, endpoint, database));
    }

    private static int number(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new HomeException("A port base is a number, not '" + text + "'.", e);
      }
    }
  }

  /**
   * Starts everything and returns when everything is ready; if one part fails, the others are
   * stopped again.
   *
   * @throws HomeException with a sentence that says what to do
   */
  public static LocalHome start(HomeDirectory directory, HomeTerms terms, Resources resources) {
    var home = new LocalHome(directory);
    try {
      home.startParts(terms, resources);
      return home;
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private void startParts(HomeTerms terms, Resources resources) {
    long began = System.nanoTime();
    home.create();
    lock();
    refuseFullDisk();
    readyFile.delete();
    parts.own(RollLogs.start(home.logs(), new Environment(System.getenv())));
    // A server left behind by a killed home holds its port, so it is stopped before the ports
    // are tried.
    StalePostmaster.stop(home.postgres());
    var file = HomeFile.open(home, terms, resources);
    refuseUsedPorts(file);
    parts.own(IssuerServer.start(file, Issuer.open(home)));
    startCloud(file, resources);
    welcomeFirstPartner(file);
    AutoCloseable notReady = readyFile::delete;
    parts.own(notReady); // owned last, and so closed first
    readyFile.create(new ReachParts(file)::missing);
    LOG.info(
        "ready after {} ms: {}, SQS {}, S3 {}, issuer {}",
        (System.nanoTime() - began) / 1_000_000,
        file.databaseUrl(),
        file.sqsUrl(),
        file.s3Url(),
        file.ports().issuerUrl());
  }

  private void startCloud(HomeFile file, Resources resources) {
    switch (file.kind()) {
      case EMBEDDED -> EmbeddedCloud.start(home, file, resources, parts);
      case LOCALSTACK -> LocalStackCloud.start(home, file, resources, parts);
    }
  }

  // Among containers nobody can run ./coupons beside it, so the log has all that is needed to
  // begin.
  private void welcomeFirstPartner(HomeFile file) {
    var partner = System.getenv("COUPON_HOME_PARTNER");
    if (partner != null) {
      HomeDatabase.of(file).addPartner(file, partner);
      var token =
          Issuer.read(home)
              .token(file.ports().issuerUrl(), partner, Instant.now(), Duration.ofHours(12));
      System.out.println("A token of the partner '" + partner + "', good for 12 hours:\n" + token);
    }
  }

  private void lock() {
    try {
      var channel =
          parts.own(
              FileChannel.open(
                  home.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
      if (channel.tryLock() == null) {
        throw takenByAnother();
      }
    } catch (OverlappingFileLockException e) {
      throw takenByAnother();
    } catch (IOException e) {
      throw new HomeException("The lock " + home.lockFile() + " cannot be taken (" + e + ").", e);
    }
  }

  private HomeException takenByAnother() {
    return new HomeException(
        "Another home runs on "
            + home.root()
            + ": stop it with ./coupons down --data "
            + home.root()
            + ", or give another directory with --data DIR.");
  }

  private void refuseFullDisk() {
    try {
      long free = Files.getFileStore(home.root()).getUsableSpace();
      if (free < LEAST_FREE_BYTES) {
        throw new HomeException(
            "Only "
                + (free >> 20)
                + " MB are left on the disk of "
                + home.root()
                + "; at least "
                + (LEAST_FREE_BYTES >> 20)
                + " MB are needed: make room, or put the data elsewhere with --data DIR.");
      }
    } catch (IOException e) {
      throw new HomeException(
          "The disk of " + home.root() + " cannot be inspected (" + e + ").", e);
    }
  }

  private static void refuseUsedPorts(HomeFile file) {
    var ports = file.ports();
    for (int port : ownPorts(file)) {
      try (var socket = new ServerSocket()) {
        // As the servers do; without it, a connection of the last run would count as a server.
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 1);
      } catch (IOException e) {
        throw new HomeException(
            "Port "
                + port
                + " is in use by another program: stop it, or give another range of ten ports with"
                + " --port-base N (now "
                + ports.base()
                + ").",
            e);
      }
    }
  }

  // Containers of the last run may still be there, and rightly hold their ports.
  private static int[] ownPorts(HomeFile file) {
    var ports = file.ports();
    return switch (file.kind()) {
      case EMBEDDED -> new int[] {ports.postgres(), ports.sqs(), ports.s3(), ports.issuer()};
      case LOCALSTACK -> new int[] {ports.issuer()};
    };
  }

  /** Stops the parts, the last started first. */
  @Override
  public synchronized void close() {
    long began = System.nanoTime();
    parts.close();
    LOG.info("stopped after {} ms", (System.nanoTime() - began) / 1_000_000);
  }
}
