package dev.couponbook.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Queues and a bucket in this JVM; the SDK's clients of the program find them by themselves. */
final class LocalCloud implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> QUEUES =
      List.of(
          "coupon-uploads",
          "coupon-uploads-dead",
          "coupon-loads",
          "coupon-loads-dead",
          "coupon-partitions");
  private static final String BUCKET = "coupon-files";

  @SuppressWarnings("NullAway.Init")
  private SQSRestServer queues;

  @SuppressWarnings("NullAway.Init")
  private S3Proxy bucket;

  @SuppressWarnings("NullAway.Init")
  private SqsClient sqs;

  @SuppressWarnings("NullAway.Init")
  private S3Client s3;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    queues = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    int queuePort = queues.waitUntilStarted().localAddress().getPort();
    int bucketPort = freePort();
    Path files = Files.createTempDirectory("couponbook-files");
    bucket =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(files.toString()))
            .endpoint(URI.create("http://127.0.0.1:" + bucketPort))
            .awsAuthentication(AuthenticationType.AWS_V4, "key", "secret")
            .ignoreUnknownHeaders(true)
            .build();
    bucket.start();
    System.setProperty("aws.region", "eu-central-1");
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", "secret");
    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:" + queuePort);
    System.setProperty("aws.endpointUrlS3", "http://127.0.0.1:" + bucketPort);
    sqs = SqsClient.create();
    s3 = S3Client.builder().forcePathStyle(true).build();
    s3.createBucket(request -> request.bucket(BUCKET));
    QUEUES.forEach(name -> sqs.createQueue(request -> request.queueName(name)));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(String queue, String body) {
    var url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
  }

  void purge() {
    for (var name : QUEUES) {
      var url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
      sqs.purgeQueue(request -> request.queueUrl(url));
    }
  }

  void put(String key, Map<String, String> metadata, byte[] content) {
    s3.putObject(
        request -> request.bucket(BUCKET).key(key).metadata(metadata),
        RequestBody.fromBytes(content));
  }

  void beginMultipart(String key) {
    s3.createMultipartUpload(request -> request.bucket(BUCKET).key(key));
  }

  BufferedReader open(String key) {
    var content = s3.getObject(request -> request.bucket(BUCKET).key(key));
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
  }

  String get(String key) {
    return s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
        .asString(StandardCharsets.UTF_8);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    sqs.close();
    s3.close();
    bucket.stop();
    queues.stopAndWait();
  }
}
