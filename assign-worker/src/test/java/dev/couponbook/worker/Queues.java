package dev.couponbook.worker;

import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A real queue server, and a client for it; workers find it by the properties of {@link #use}. */
final class Queues implements AutoCloseable {
  // The most that SQS takes in one call.
  private static final int BATCH = 10;

  private final SQSRestServer server =
      SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
  private final int port = server.waitUntilStarted().localAddress().getPort();
  private final SqsAsyncClient sqs =
      SqsAsyncClient.builder()
          .endpointOverride(URI.create("http://127.0.0.1:" + port))
          .region(Region.EU_CENTRAL_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
          .build();

  int port() {
    return port;
  }

  /** A queue with its dead letters, {@code name-dead}. */
  void create(String name, int visibilitySeconds, int receives) {
    var visibility =
        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(visibilitySeconds));
    sqs.createQueue(q -> q.queueName(name + "-dead").attributes(visibility)).join();
    sqs.createQueue(q ->
            q.queueName(name)
                .attributes(
                    Map.of(
                        QueueAttributeName.VISIBILITY_TIMEOUT,
                        Integer.toString(visibilitySeconds),
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:elasticmq:000000000000:%s-dead\",\"maxReceiveCount\":%d}"
                            .formatted(name, receives))))
        .join();
  }

  /** The system properties that the SDK reads, for workers whose queues are behind this port. */
  static Map<String, String> use(int port) {
    return Map.of(
        "aws.region", "eu-central-1",
        "aws.accessKeyId", "local",
        "aws.secretAccessKey", "local",
        "aws.endpointUrlSqs", "http://127.0.0.1:" + port);
  }

  void send(String queue, List<CommandMessage> commands) {
    var url = url(queue);
    for (int from = 0; from < commands.size(); from += BATCH) {
      var entries = new ArrayList<SendMessageBatchRequestEntry>();
      for (var command : commands.subList(from, Math.min(from + BATCH, commands.size()))) {
        entries.add(
            SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .messageBody(CommandCodec.encode(command))
                .build());
      }
      sqs.sendMessageBatch(b -> b.queueUrl(url).entries(entries)).join();
    }
  }

  /** How many messages the queue has, including those that somebody has received. */
  int waiting(String queue) {
    var attributes =
        sqs.getQueueAttributes(q ->
                q.queueUrl(url(queue))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .join()
            .attributes();
    return attributes.values().stream().mapToInt(Integer::parseInt).sum();
  }

  private String url(String queue) {
    return sqs.getQueueUrl(q -> q.queueName(queue)).join().queueUrl();
  }

  @Override
  public void close() {
    sqs.close();
    server.stopAndWait();
  }
}
