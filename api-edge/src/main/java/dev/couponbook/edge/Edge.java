package dev.couponbook.edge;

import dev.couponbook.edge.connection.ConnectionSettings;
import dev.couponbook.edge.database.PoolSize;
import dev.couponbook.edge.running.RunningSettings;
import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.program.NameLookups;
import dev.couponbook.program.ReadyFile;
import dev.couponbook.schema.RequireSchema;
import dev.couponbook.schema.WrongSchemaException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP edge as a program. */
public final class Edge implements AutoCloseable {
  // A request may ask for a longer wait, but a restart should not take that long.
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  private final ApplicationContext context;
  private final EmbeddedServer server;
  private final ReadyFile readyFile;

  private Edge(ApplicationContext context, EmbeddedServer server, ReadyFile readyFile) {
    this.context = context;
    this.server = server;
    this.readyFile = readyFile;
  }

  public static void main(String[] args) {
    NameLookups.forgetSoon();
    try {
      var edge = start(System.getenv());
      Runtime.getRuntime().addShutdownHook(new Thread(edge::close, "stop"));
    } catch (Environment.BadSettingException e) {
      System.err.println("api-edge: " + e.getMessage());
      System.exit(Environment.BAD_SETTING);
    } catch (PortTakenException | WrongSchemaException e) {
      System.err.println("api-edge: " + e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LOG.error("the edge cannot start", e);
      System.exit(1);
    }
  }

  /**
   * Starts the edge; it answers when this returns, though database, queue and token issuer may
   * still be away.
   *
   * @throws Environment.BadSettingException if a setting is missing or cannot be
   * @throws PortTakenException if another program listens on the port
   * @throws WrongSchemaException if the schema of the database is too old, or too new
   */
  public static Edge start(Map<String, String> variables) {
    long began = System.nanoTime();
    var environment = new Environment(variables);
    var server = ServerSettings.from(environment);
    var context =
        EdgeContext.builder(environment)
            .properties(frameworkSettings(server))
            .singletons(
                server,
                ConnectionSettings.from(environment),
                RunningSettings.from(environment),
                PoolSize.SERVER)
            .build();
    var readyFile = ReadyFile.from(environment);
    readyFile.delete();
    try {
      context.start();
      RequireSchema.of(context.getBean(DatabaseSettings.class));
      var edge = new Edge(context, context.getBean(EmbeddedServer.class).start(), readyFile);
      readyFile.create();
      LOG.info(
          "listening on {} after {} ms (JVM up {} ms)",
          edge.address(),
          (System.nanoTime() - began) / 1_000_000,
          ManagementFactory.getRuntimeMXBean().getUptime());
      return edge;
    } catch (RuntimeException e) {
      context.close();
      throw isPortTaken(e) ? new PortTakenException(server, e) : e;
    }
  }

  /** The message is a sentence for people. */
  public static final class PortTakenException extends RuntimeException {
    private PortTakenException(ServerSettings server, Throwable cause) {
      super(
          "port %d of %s is in use by another program: free it, or set another with COUPON_EDGE_PORT"
              .formatted(server.port(), server.host()),
          cause);
    }
  }

  private static boolean isPortTaken(@Nullable Throwable failure) {
    return failure != null && (failure instanceof BindException || isPortTaken(failure.getCause()));
  }

  private static Map<String, Object> frameworkSettings(ServerSettings server) {
    var settings = new HashMap<String, Object>();
    settings.put("micronaut.server.host", server.host());
    settings.put("micronaut.server.port", server.port() == 0 ? -1 : server.port());
    settings.put("micronaut.server.netty.max-header-size", MAX_HEADER_BYTES);
    settings.put("micronaut.server.netty.request-decompression-enabled", false);
    settings.put("micronaut.server.server-header", "couponbook");
    settings.put("micronaut.server.date-header", true);
    settings.put("micronaut.http.client.enabled", false);
    return settings;
  }

  /** Where it listens, as {@code http://host:port}. */
  public String address() {
    return server.getURI().toString();
  }

  ApplicationContext context() {
    return context;
  }

  /** Takes no new request, answers those it has, and ends. */
  @Override
  public void close() {
    readyFile.delete();
    try {
      context
          .getBean(GracefulShutdownManager.class)
          .shutdownGracefully()
          .toCompletableFuture()
          .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("stopped with requests unanswered after {} s", GRACE.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    context.close();
  }
}
