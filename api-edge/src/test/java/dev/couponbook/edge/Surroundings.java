package dev.couponbook.edge;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.schema.Schema;
import dev.couponbook.store.tidy.CreateDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * All that the edge meets, in this process: PostgreSQL, SQS and a token issuer for real, and what
 * it asks of the bucket.
 */
public final class Surroundings implements AutoCloseable {
  private static final String NAME = "couponbook";
  private static final String PASSWORD = "edge-password";

  public final EmbeddedPostgres postgres;
  public final Issuer issuer;
  public final SqsAsyncClient sqs;
  public final Bucket bucket = new Bucket();
  private final SQSRestServer queues;
  private final int queuePort;

  /**
   * @param portBase PostgreSQL, queue and issuer take this port and the two behind it; 0: any
   */
  public Surroundings(int portBase) {
    try {
      postgres = EmbeddedPostgres.builder().setPort(portBase).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    createDatabase();
    sql("ALTER ROLE coupon_edge LOGIN PASSWORD '" + PASSWORD + "'");
    queues =
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withPort(portBase == 0 ? 0 : portBase + 1)
            .start();
    queuePort = queues.waitUntilStarted().localAddress().getPort();
    issuer = new Issuer(portBase == 0 ? 0 : portBase + 2);
    sqs =
        SqsAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + queuePort))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .build();
    for (var queue : List.of("coupon-commands", "coupon-loads")) {
      sqs.createQueue(q -> q.queueName(queue)).join();
    }
  }

  private void createDatabase() {
    try (var superuser = postgres.getPostgresDatabase().getConnection()) {
      CreateDatabase.owner(superuser, PASSWORD);
      CreateDatabase.database(superuser, NAME);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Schema.migrate(postgres.getDatabase("coupon_owner", NAME));
  }

  /** The edge's settings to meet them. */
  public Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("COUPON_EDGE_PORT", "0");
    settings.put("COUPON_DB_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + NAME);
    settings.put("COUPON_DB_USER", "coupon_edge");
    settings.put("COUPON_DB_PASSWORD", PASSWORD);
    settings.put("COUPON_JWT_JWKS_URL", issuer.keysAddress());
    settings.put("COUPON_JWT_ISSUER", issuer.name());
    settings.put("COUPON_REQUEST_ID_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    settings.put("COUPON_S3_PATH_STYLE", "true");
    return settings;
  }

  /** What the SDK reads by itself: from the environment in a program, from properties in a test. */
  public Map<String, String> sdkSettings() {
    return Map.of(
        "aws.region", "eu-central-1",
        "aws.accessKeyId", "local",
        "aws.secretAccessKey", "local-secret",
        "aws.endpointUrlSqs", "http://127.0.0.1:" + queuePort,
        "aws.endpointUrlS3", bucket.address());
  }

  public void sql(String statement) {
    try (var connection = superuser();
        var s = connection.createStatement()) {
      s.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** The first column of the first row. */
  public String value(String query) {
    try (var connection = superuser();
        var s = connection.createStatement();
        var rows = s.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private Connection superuser() throws SQLException {
    return postgres.getDatabase("postgres", NAME).getConnection();
  }

  /** Takes all messages from the queue. */
  public List<CommandMessage> take(String queue) {
    var url = queueUrl(queue);
    var messages = new java.util.ArrayList<CommandMessage>();
    while (true) {
      List<Message> batch =
          sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(0))
              .join()
              .messages();
      if (batch.isEmpty()) {
        return messages;
      }
      for (var message : batch) {
        messages.addAll(CommandCodec.decodeAll(message.body()));
        sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(message.receiptHandle())).join();
      }
    }
  }

  /** The next message, taken from the queue; waits for it. */
  public CommandMessage awaitMessage(String queue) {
    var url = queueUrl(queue);
    var messages =
        sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(1).waitTimeSeconds(10))
            .join()
            .messages();
    if (messages.isEmpty()) {
      throw new AssertionError("no message in " + queue + " within 10 s");
    }
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(messages.getFirst().receiptHandle()))
        .join();
    return CommandCodec.decode(messages.getFirst().body());
  }

  /** The trace beside the next message, which is taken from the queue. */
  public String awaitTrace(String queue) {
    var url = queueUrl(queue);
    var message =
        sqs.receiveMessage(r ->
                r.queueUrl(url)
                    .messageAttributeNames("All")
                    .maxNumberOfMessages(1)
                    .waitTimeSeconds(10))
            .join()
            .messages()
            .getFirst();
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(message.receiptHandle())).join();
    return Objects.requireNonNull(message.messageAttributes().get("traceparent")).stringValue();
  }

  public String queueUrl(String queue) {
    return sqs.getQueueUrl(q -> q.queueName(queue)).join().queueUrl();
  }

  /** The queue goes away, and its port with it. */
  public void stopQueues() {
    queues.stopAndWait();
  }

  @Override
  public void close() {
    sqs.close();
    bucket.close();
    issuer.close();
    queues.stopAndWait();
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stands until it is killed, for tries by hand; prints what to export, and a token. */
  public static void main(String[] args) throws InterruptedException {
    var surroundings = new Surroundings(Integer.parseInt(args[0]));
    surroundings.sql(
        "INSERT INTO partner (name, client_id) VALUES ('acme', 'acme'), ('other', 'other')");
    surroundings
        .settings()
        .forEach((name, value) -> System.out.println("export " + name + "=" + value));
    surroundings
        .sdkSettings()
        .forEach((name, value) -> System.out.println("export " + variable(name) + "=" + value));
    System.out.println("export TOKEN=" + surroundings.issuer.token("acme"));
    System.out.println("export OTHER=" + surroundings.issuer.token("other"));
    System.out.println("# ready");
    Thread.currentThread().join();
  }

  private static String variable(String property) {
    return property
        .replaceAll("([A-Z])", "_$1")
        .replace('.', '_')
        .toUpperCase(java.util.Locale.ROOT);
  }
}
