package dev.couponbook.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.couponbook.testing.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The whole program: events of a real queue become sweeps. */
@Tag("slow")
class SweepListenerTest {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  private SQSRestServer queues;
  private SqsClient sqs;
  private String sweeps;

  @BeforeEach
  void startQueue() {
    queues = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
    var url = "http://127.0.0.1:" + queues.waitUntilStarted().localAddress().getPort();
    System.setProperty("aws.region", "eu-central-1");
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", "secret");
    System.setProperty("aws.endpointUrlSqs", url);
    sqs =
        SqsClient.builder()
            .endpointOverride(URI.create(url))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .build();
    sweeps = sqs.createQueue(request -> request.queueName("coupon-sweeps")).queueUrl();
  }

  @AfterEach
  void stopQueue() {
    sqs.close();
    queues.stopAndWait();
  }

  @Test
  void event_of_the_schedule_is_a_sweep_whatever_it_says_and_is_acknowledged() {
    var rows = database.rows();
    rows.expiredLock(rows.book(rows.partner()), "ann@x");
    sqs.sendMessage(request -> request.queueUrl(sweeps).messageBody("{}"));
    sqs.sendMessage(request -> request.queueUrl(sweeps).messageBody("tick"));
    var settings =
        Map.of("COUPON_DB_URL", database.url(), "COUPON_DB_PASSWORD", database.password());
    try (var program = Unlock.start(settings)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> database.number("SELECT count(*) FROM coupon_lock") == 0 && messages() == 0);
      assertThat(program.isRunning()).isTrue();
    }
  }

  private int messages() {
    var attributes =
        sqs.getQueueAttributes(request ->
                request
                    .queueUrl(sweeps)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return attributes.values().stream().mapToInt(Integer::parseInt).sum();
  }
}
