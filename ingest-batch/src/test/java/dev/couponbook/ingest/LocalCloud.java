package dev.couponbook.ingest;

import dev.couponbook.ingest.load.FileStore;
import dev.couponbook.ingest.settings.IngestSettings;
import dev.couponbook.program.Environment;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Queues and a bucket in this JVM, started once for all test classes. The SDK's clients, those of a
 * program under test too, find them by system properties.
 */
public final class LocalCloud implements BeforeAllCallback {
  private static final List<String> QUEUES =
      List.of(
          "coupon-uploads",
          "coupon-uploads-dead",
          "coupon-loads",
          "coupon-loads-dead",
          "coupon-partitions");
  private static final String BUCKET = "coupon-files";
  private static final AtomicInteger NEXT_QUEUE = new AtomicInteger();

  /** The clients of the servers that run to the end of the JVM. */
  private static final class Started {
    static final SqsClient SQS;
    static final SqsAsyncClient SQS_ASYNC;
    static final S3Client S3;

    static {
      var queues = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
      int queuePort = queues.waitUntilStarted().localAddress().getPort();
      int bucketPort = startBucket();
      System.setProperty("aws.region", "eu-central-1");
      System.setProperty("aws.accessKeyId", "key");
      System.setProperty("aws.secretAccessKey", "secret");
      System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:" + queuePort);
      System.setProperty("aws.endpointUrlS3", "http://127.0.0.1:" + bucketPort);
      SQS = SqsClient.create();
      SQS_ASYNC = SqsAsyncClient.create();
      S3 = S3Client.builder().forcePathStyle(true).build();
      S3.createBucket(request -> request.bucket(BUCKET));
      QUEUES.forEach(name -> SQS.createQueue(request -> request.queueName(name)));
    }
  }

  private static int startBucket() {
    try {
      int port = freePort();
      var bucket =
          S3Proxy.builder()
              .blobStore(
                  new FilesystemNio2BlobStore(
                      Files.createTempDirectory("couponbook-files").toString()))
              .endpoint(URI.create("http://127.0.0.1:" + port))
              .awsAuthentication(AuthenticationType.AWS_V4, "key", "secret")
              .ignoreUnknownHeaders(true)
              .build();
      bucket.start();
      return port;
    } catch (Exception e) {
      throw new IllegalStateException("the bucket did not start", e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    purge();
  }

  private static void purge() {
    for (var name : QUEUES) {
      Started.SQS.purgeQueue(request -> request.queueUrl(url(name)));
    }
  }

  /** The bucket as the program sees it. */
  public FileStore files() {
    return new FileStore(Started.S3, BUCKET);
  }

  /** Sends messages as the program does. */
  public SqsTemplate template() {
    return SqsTemplate.newTemplate(Started.SQS_ASYNC);
  }

  public SqsAsyncClient sqs() {
    return Started.SQS_ASYNC;
  }

  /** The settings of a program on these queues, without a database. */
  public IngestSettings settings() {
    return IngestSettings.from(
        new Environment(
            Map.of("COUPON_DB_URL", "jdbc:postgresql:nowhere", "COUPON_DB_PASSWORD", "none")));
  }

  /**
   * Makes a queue that no other test uses.
   *
   * @return its name
   */
  public String newQueue() {
    var name = "queue-" + NEXT_QUEUE.incrementAndGet();
    Started.SQS.createQueue(request -> request.queueName(name));
    return name;
  }

  /**
   * Makes a queue that no other test uses, and {@code NAME-dead} for what was received too often;
   * messages come back after a second.
   *
   * @return its name
   */
  public String newQueueWithDeadLetters(int receives) {
    var name = "queue-" + NEXT_QUEUE.incrementAndGet();
    Started.SQS.createQueue(request -> request.queueName(name + "-dead"));
    Started.SQS.createQueue(request ->
        request
            .queueName(name)
            .attributes(
                Map.of(
                    QueueAttributeName.VISIBILITY_TIMEOUT,
                    "1",
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-central-1:000000000000:%s-dead\",\"maxReceiveCount\":%d}"
                        .formatted(name, receives))));
    return name;
  }

  /** The messages that anybody can see at this moment, up to ten; they stay. */
  public List<String> visible(String queue) {
    return Started.SQS
        .receiveMessage(
            request -> request.queueUrl(url(queue)).maxNumberOfMessages(10).visibilityTimeout(0))
        .messages()
        .stream()
        .map(message -> message.body())
        .toList();
  }

  public void send(String queue, String body) {
    Started.SQS.sendMessage(request -> request.queueUrl(url(queue)).messageBody(body));
  }

  /** Takes the messages that come within this time, up to ten, and deletes them. */
  public List<String> take(String queue, Duration wait) {
    var messages =
        Started.SQS
            .receiveMessage(request ->
                request
                    .queueUrl(url(queue))
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds((int) wait.toSeconds()))
            .messages();
    for (var message : messages) {
      Started.SQS.deleteMessage(
          request -> request.queueUrl(url(queue)).receiptHandle(message.receiptHandle()));
    }
    return messages.stream().map(message -> message.body()).toList();
  }

  private static String url(String queue) {
    return Started.SQS.getQueueUrl(request -> request.queueName(queue)).queueUrl();
  }

  /**
   * Puts an object into the bucket.
   *
   * @return its ETag
   */
  public String put(String key, Map<String, String> metadata, byte[] content) {
    return Started.S3
        .putObject(
            request -> request.bucket(BUCKET).key(key).metadata(metadata),
            RequestBody.fromBytes(content))
        .eTag();
  }

  public void delete(String key) {
    Started.S3.deleteObject(request -> request.bucket(BUCKET).key(key));
  }

  public BufferedReader open(String key) {
    var content = Started.S3.getObject(request -> request.bucket(BUCKET).key(key));
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
  }

  public String get(String key) {
    return Started.S3
        .getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
        .asString(StandardCharsets.UTF_8);
  }
}
