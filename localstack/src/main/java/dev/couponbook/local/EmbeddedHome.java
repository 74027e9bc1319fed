package dev.couponbook.local;

import dev.couponbook.schema.Schema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole local cloud in one JVM. Started with {@code --data DIR --port-base N}; ready when
 * {@code DIR/run/infra.ready} is there; SIGTERM ends it in order.
 */
public final class EmbeddedHome implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedHome.class);

  /** Less than this and PostgreSQL would soon stop in the middle of its work. */
  private static final long LEAST_FREE_BYTES = 300L << 20;

  private final HomeDirectory home;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private EmbeddedHome(HomeDirectory home) {
    this.home = home;
  }

  public static void main(String[] arguments) {
    try {
      var settings = Settings.of(arguments);
      var home = start(settings.home(), settings.portBase(), Resources.load());
      Runtime.getRuntime().addShutdownHook(new Thread(home::close, "stop"));
      new CountDownLatch(1).await();
    } catch (HomeException e) {
      System.err.println(e.getMessage());
      // Servers that did start have threads that would keep a failed home alive.
      System.exit(1);
    } catch (InterruptedException e) {
      System.exit(1);
    }
  }

  private record Settings(HomeDirectory home, int portBase) {
    static Settings of(String[] arguments) {
      String data = ".data";
      int portBase = Ports.DEFAULT_BASE;
      for (int i = 0; i + 1 < arguments.length; i += 2) {
        switch (arguments[i]) {
          case "--data" -> data = arguments[i + 1];
          case "--port-base" -> portBase = number(arguments[i + 1]);
          default -> throw new HomeException("Unknown argument " + arguments[i] + ".");
        }
      }
      return new Settings(new HomeDirectory(Path.of(data)), portBase);
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
  public static EmbeddedHome start(HomeDirectory directory, int portBase, Resources resources) {
    var home = new EmbeddedHome(directory);
    try {
      home.startParts(portBase, resources);
      return home;
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private void startParts(int portBase, Resources resources) {
    long began = System.nanoTime();
    home.create();
    lock();
    refuseFullDisk();
    deleteReadyFile();
    // A server left behind by a killed home holds its port; it goes before the ports are tried.
    StalePostmaster.stop(home.postgres());
    var file = HomeFile.open(home, portBase);
    refuseUsedPorts(file.ports());
    startServers(file, Issuer.open(home), resources);
    writeReadyFile();
    LOG.info(
        "ready after {} ms: PostgreSQL {}, SQS {}, S3 {}, issuer {}",
        (System.nanoTime() - began) / 1_000_000,
        file.ports().postgres(),
        file.ports().sqs(),
        file.ports().s3(),
        file.ports().issuer());
  }

  // The database and the queues take their time, and neither needs the other.
  private void startServers(HomeFile file, Issuer issuer, Resources resources) {
    try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
      var database = starters.submit(() -> startDatabase(file));
      var queues = starters.submit(() -> own(QueueServer.start(home, file, resources)));
      own(IssuerServer.start(file, issuer));
      var client = new SqsClient(file.ports().sqsUrl(), QueueServer.ACCOUNT);
      await(queues);
      own(BucketServer.start(home, file, resources, client));
      await(database);
      own(new ScheduleTimer(client, file.region())).start(resources.schedules());
    }
  }

  private void startDatabase(HomeFile file) {
    var server = own(PostgresServer.start(home, file));
    server.createDatabase(file);
    var owner = server.as(HomeFile.OWNER, file.password(HomeFile.OWNER));
    int steps = Schema.migrate(owner);
    if (steps > 0) {
      LOG.info("the schema was brought up to date in {} steps", steps);
    }
    PostgresServer.admitPrograms(owner, file);
  }

  // At once when it runs, by whichever thread started it, so that a failure elsewhere stops it too.
  private <T extends AutoCloseable> T own(T part) {
    synchronized (parts) {
      parts.push(part);
    }
    return part;
  }

  private static void await(Future<?> start) {
    try {
      start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HomeException sentence) {
        throw sentence;
      }
      LOG.error("this should not have happened", e.getCause());
      throw new HomeException("The home did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HomeException("Interrupted while the home was being started.", e);
    }
  }

  private void lock() {
    try {
      var channel =
          own(
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
          "The disk of " + home.root() + " cannot be looked at (" + e + ").", e);
    }
  }

  private static void refuseUsedPorts(Ports ports) {
    for (int port : new int[] {ports.postgres(), ports.sqs(), ports.s3(), ports.issuer()}) {
      try (var socket = new ServerSocket()) {
        // As the servers do; without it a connection of the last run would count as a server.
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

  private void deleteReadyFile() {
    try {
      Files.deleteIfExists(home.readyFile("infra"));
    } catch (IOException e) {
      throw new HomeException("The directory " + home.run() + " cannot be written (" + e + ").", e);
    }
  }

  private void writeReadyFile() {
    try {
      var readyFile = home.readyFile("infra");
      Files.writeString(readyFile, Long.toString(ProcessHandle.current().pid()));
      AutoCloseable notReady = () -> Files.deleteIfExists(readyFile);
      own(notReady); // and so the first to go
    } catch (IOException e) {
      throw new HomeException("The directory " + home.run() + " cannot be written (" + e + ").", e);
    }
  }

  /** Stops the parts, the last started first. */
  @Override
  public synchronized void close() {
    long began = System.nanoTime();
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
    LOG.info("stopped after {} ms", (System.nanoTime() - began) / 1_000_000);
  }
}
