package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;
import tools.jackson.databind.JsonNode;

/** What our programs expect of SQS, S3 and EventBridge, tested against every cloud. */
@ParameterizedClass
@EnumSource(Cloud.class)
@ExtendWith(ConformanceTable.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class ConformanceTest {
  private static final Resources RESOURCES = Cloud.resources();
  private static final String BUCKET = "coupon-files";
  private static final String WORK = "conformance-work";
  private static final String WORK_DEAD = "conformance-work-dead";
  private static final String UPLOADS = "coupon-uploads";
  private static final int MORE_THAN_A_MINUTE = 75;

  private static Cloud.@Nullable Running running;

  @Parameter Cloud cloud = Cloud.EMBEDDED;
  private CloudClients clients;

  @BeforeParameterizedClassInvocation
  static void start(Cloud cloud, @TempDir Path folder) throws Exception {
    running = cloud.start(folder, RESOURCES);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws Exception {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** Other tests' messages may come back at any time; by this mark a test recognizes its own. */
  private String mark = "";

  @BeforeEach
  void begin() {
    clients = Objects.requireNonNull(running).clients();
    mark = "[" + System.nanoTime() + "] ";
  }

  private void send(String body) {
    clients.send(WORK, mark + body);
  }

  /** Receives this test's messages that are there or arrive within these seconds. */
  private List<Message> receive(String queue, int seconds) {
    var deadline = Instant.now().plusSeconds(seconds);
    while (true) {
      long left = Math.max(0, Duration.between(Instant.now(), deadline).toSeconds());
      var messages =
          clients
              .sqs
              .receiveMessage(r ->
                  r.queueUrl(clients.queueUrl(queue))
                      .maxNumberOfMessages(10)
                      .waitTimeSeconds((int) left)
                      .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                      .messageAttributeNames("All"))
              .messages();
      var mine = messages.stream().filter(m -> m.body().startsWith(mark)).toList();
      if (!mine.isEmpty() || left == 0) {
        return mine;
      }
    }
  }

  private static String attribute(Message message, MessageSystemAttributeName name) {
    return message.attributes().getOrDefault(name, "");
  }

  // SQS

  @Test
  void sqs_has_every_queue_of_the_list_with_its_visibility_and_redrive() {
    for (var queue : RESOURCES.queues()) {
      var attributes = attributes(queue);
      assertThat(attributes)
          .as(queue.name())
          .containsEntry(
              QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(queue.visibilitySeconds()));
      var redrive = attributes.get(QueueAttributeName.REDRIVE_POLICY);
      var dead = queue.deadLetter();
      if (dead == null) {
        assertThat(redrive).as(queue.name()).isNull();
      } else {
        var policy = CloudClients.json(redrive);
        assertThat(policy.path("maxReceiveCount").asInt()).isEqualTo(dead.maxReceives());
        assertThat(policy.path("deadLetterTargetArn").asString()).endsWith(":" + dead.queue());
      }
    }
  }

  @Test
  @Differs(
      in = Cloud.EMBEDDED,
      how = "ElasticMQ keeps messages forever; nothing of ours relies on their being dropped")
  void sqs_keeps_messages_for_the_days_of_the_list() {
    for (var queue : RESOURCES.queues()) {
      assertThat(attributes(queue))
          .as(queue.name())
          .containsEntry(
              QueueAttributeName.MESSAGE_RETENTION_PERIOD,
              Long.toString(Duration.ofDays(queue.retentionDays()).toSeconds()));
    }
  }

  private Map<QueueAttributeName, String> attributes(Resources.Queue queue) {
    return clients
        .sqs
        .getQueueAttributes(
            r -> r.queueUrl(clients.queueUrl(queue.name())).attributeNames(QueueAttributeName.ALL))
        .attributes();
  }

  @Test
  void sqs_hides_a_received_message_for_its_visibility_and_counts_receives() {
    send("hidden");
    var first = receive(WORK, 5).getFirst();
    assertThat(receive(WORK, 0)).isEmpty();
    var second = receive(WORK, 10).getFirst();
    assertThat(second.messageId()).isEqualTo(first.messageId());
    assertThat(attribute(second, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
        .isEqualTo("2");
  }

  @Test
  void sqs_gives_a_message_back_at_once_when_its_visibility_is_set_to_zero() {
    send("given back");
    var message = receive(WORK, 5).getFirst();
    clients.sqs.changeMessageVisibility(r ->
        r.queueUrl(clients.queueUrl(WORK))
            .receiptHandle(message.receiptHandle())
            .visibilityTimeout(0));
    assertThat(receive(WORK, 1)).hasSize(1);
  }

  @Test
  void sqs_keeps_a_message_hidden_as_long_as_its_visibility_is_extended() {
    send("extended");
    var message = receive(WORK, 5).getFirst();
    clients.sqs.changeMessageVisibility(r ->
        r.queueUrl(clients.queueUrl(WORK))
            .receiptHandle(message.receiptHandle())
            .visibilityTimeout(30));
    // Twice the queue's own visibility.
    assertThat(receive(WORK, 4)).isEmpty();
  }

  @Test
  void sqs_moves_a_message_to_the_dead_letters_after_its_last_receive() {
    send("poison");
    var first = receive(WORK, 5).getFirst();
    await().atMost(Duration.ofSeconds(15)).until(() -> receive(WORK, 1).size() == 1);
    var dead = new ArrayList<Message>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          assertThat(receive(WORK, 1)).isEmpty();
          dead.addAll(receive(WORK_DEAD, 1));
          return !dead.isEmpty();
        });
    assertThat(dead.getFirst().body()).isEqualTo(mark + "poison");
    assertThat(dead.getFirst().messageId()).isEqualTo(first.messageId());
  }

  @Test
  void sqs_reports_for_each_entry_of_a_batch_whether_it_was_deleted() {
    send("one");
    var message = receive(WORK, 5).getFirst();
    var answer =
        clients.sqs.deleteMessageBatch(r ->
            r.queueUrl(clients.queueUrl(WORK))
                .entries(
                    e -> e.id("good").receiptHandle(message.receiptHandle()),
                    e -> e.id("bad").receiptHandle("no handle of any message")));
    assertThat(answer.successful()).extracting(e -> e.id()).containsExactly("good");
    assertThat(answer.failed()).extracting(e -> e.id()).containsExactly("bad");
  }

  @Test
  void sqs_answers_a_long_poll_as_soon_as_a_message_comes() {
    long began = System.nanoTime();
    var later =
        CompletableFuture.runAsync(
            () -> send("late"), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    var messages = receive(WORK, 15);
    later.join();
    assertThat(messages).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void sqs_keeps_the_group_of_a_message_on_a_standard_queue() {
    clients.sqs.sendMessage(r ->
        r.queueUrl(clients.queueUrl(WORK))
            .messageBody(mark + "grouped")
            .messageGroupId("partner-1"));
    assertThat(attribute(receive(WORK, 5).getFirst(), MessageSystemAttributeName.MESSAGE_GROUP_ID))
        .isEqualTo("partner-1");
  }

  @Test
  void sqs_takes_a_body_of_256_kib_with_every_character_of_xml() {
    var body = "ü€\t\n\r😀".repeat(256 * 1024 / 12 - 10);
    send(body);
    assertThat(receive(WORK, 5).getFirst().body()).isEqualTo(mark + body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "\u0008", "\u000B", "\u001F", "\uFFFE", "\uFFFF"})
  void sqs_refuses_a_character_that_xml_does_not_have(String character) {
    assertThatThrownBy(() -> send("before" + character + "after")).isInstanceOf(SqsException.class);
  }

  @Test
  void sqs_keeps_message_attributes() {
    clients.sqs.sendMessage(r ->
        r.queueUrl(clients.queueUrl(WORK))
            .messageBody(mark + "with attribute")
            .messageAttributes(
                Map.of(
                    "trace",
                    MessageAttributeValue.builder().dataType("String").stringValue("t").build())));
    assertThat(receive(WORK, 5).getFirst().messageAttributes())
        .hasEntrySatisfying("trace", value -> assertThat(value.stringValue()).isEqualTo("t"));
  }

  // S3

  private static String fresh(String name) {
    return "uploads/conformance/" + System.nanoTime() + "/" + name;
  }

  @Test
  void s3_keeps_a_presigned_put_with_its_signed_metadata() throws Exception {
    var key = fresh("kept.csv");
    var signed = clients.presigned(key, 8);
    assertThat(clients.put(signed.url().toString(), signed, "code\nAB\n")).isEqualTo(200);
    var head = clients.s3.headObject(r -> r.bucket(BUCKET).key(key));
    assertThat(head.contentLength()).isEqualTo(8);
    assertThat(head.metadata()).containsEntry("book", "b").containsEntry("file-name", "a%20b.csv");
  }

  @Test
  void s3_refuses_a_presigned_put_to_another_key() throws Exception {
    var signed = clients.presigned(fresh("mine.csv"), 5);
    var url = signed.url().toString().replace("mine.csv", "yours.csv");
    assertThat(clients.put(url, signed, "12345")).isEqualTo(403);
  }

  @Test
  void s3_refuses_a_presigned_put_whose_expiry_was_extended() throws Exception {
    var signed = clients.presigned(fresh("life.csv"), 5);
    var url = signed.url().toString().replace("X-Amz-Expires=900", "X-Amz-Expires=9000");
    assertThat(clients.put(url, signed, "12345")).isEqualTo(403);
  }

  @Test
  void s3_refuses_a_presigned_put_of_another_length() throws Exception {
    var signed = clients.presigned(fresh("length.csv"), 5);
    assertThat(clients.put(signed.url().toString(), signed, "123456")).isEqualTo(403);
    assertThat(clients.put(signed.url().toString(), signed, "1234")).isEqualTo(403);
  }

  @Test
  void s3_refuses_a_presigned_put_without_a_signed_header() throws Exception {
    var signed = clients.presigned(fresh("header.csv"), 5);
    assertThat(clients.putBare(signed.url().toString(), "12345")).isEqualTo(403);
  }

  @Test
  void s3_refuses_a_presigned_put_after_it_has_expired() throws Exception {
    var signed = clients.presigned(fresh("late.csv"), 5, Duration.ofSeconds(1));
    var until = signed.expiration();
    await().atMost(Duration.ofSeconds(10)).until(() -> Instant.now().isAfter(until.plusSeconds(1)));
    assertThat(clients.put(signed.url().toString(), signed, "12345")).isEqualTo(403);
  }

  @Test
  void s3_refuses_a_read_with_a_url_signed_for_a_put() throws Exception {
    var signed = clients.presigned(fresh("read.csv"), 5);
    assertThat(clients.put(signed.url().toString(), signed, "12345")).isEqualTo(200);
    assertThat(clients.get(signed.url().toString())).isEqualTo(403);
  }

  @Test
  @Differs(
      in = Cloud.LOCALSTACK,
      how = "it lets an unsigned request read; the embedded home and AWS refuse it")
  void s3_refuses_unsigned_requests() throws Exception {
    var key = fresh("secret.csv");
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\n"));
    var url = clients.s3.utilities().getUrl(r -> r.bucket(BUCKET).key(key)).toString();
    assertThat(clients.get(url)).isEqualTo(403);
  }

  @Test
  @Differs(
      in = Cloud.EMBEDDED,
      how = "it has no lifecycle rules; BucketLife ends objects by the same list")
  void s3_ends_objects_and_left_uploads_by_the_days_of_the_list() {
    for (var bucket : RESOURCES.buckets()) {
      var rules = clients.s3.getBucketLifecycleConfiguration(r -> r.bucket(bucket.name())).rules();
      for (var keep : bucket.keep()) {
        assertThat(rules)
            .filteredOn(rule -> rule.filter().prefix().equals(keep.prefix()))
            .singleElement()
            .satisfies(rule -> assertThat(rule.expiration().days()).isEqualTo(keep.days()));
      }
      assertThat(rules)
          .filteredOn(rule -> rule.abortIncompleteMultipartUpload() != null)
          .singleElement()
          .satisfies(rule ->
              assertThat(rule.abortIncompleteMultipartUpload().daysAfterInitiation())
                  .isEqualTo(bucket.abortUploadsDays()));
    }
  }

  @Test
  void s3_never_replaces_an_object_that_must_be_new() throws Exception {
    var key = fresh("once.csv");
    var signed = clients.presigned(key, 5);
    assertThat(clients.put(signed.url().toString(), signed, "first")).isEqualTo(200);
    assertThat(clients.put(signed.url().toString(), signed, "other")).isEqualTo(412);
    assertThat(clients.s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asUtf8String())
        .isEqualTo("first");
  }

  @Test
  void s3_refuses_a_body_that_does_not_match_its_checksum() {
    var other = Base64.getEncoder().encodeToString(new byte[32]);
    assertThatThrownBy(() ->
            clients.s3.putObject(
                r -> r.bucket(BUCKET).key(fresh("sum.csv")).checksumSHA256(other),
                RequestBody.fromString("code\n")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
  }

  @Test
  void s3_reads_a_range_only_of_the_version_that_was_asked_for() {
    var key = fresh("range.csv");
    var etag =
        clients
            .s3
            .putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("0123456789"))
            .eTag();
    var part =
        clients.s3.getObjectAsBytes(
            r -> r.bucket(BUCKET).key(key).range("bytes=2-4").ifMatch(etag));
    assertThat(part.asUtf8String()).isEqualTo("234");
    assertThat(part.response().contentRange()).isEqualTo("bytes 2-4/10");
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("another one"));
    assertThatThrownBy(() ->
            clients.s3.getObjectAsBytes(
                r -> r.bucket(BUCKET).key(key).range("bytes=2-4").ifMatch(etag)))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
  }

  @Test
  void s3_reports_an_absent_object_as_not_found() {
    assertThatThrownBy(
            () -> clients.s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(fresh("none.csv"))))
        .isInstanceOf(NoSuchKeyException.class);
  }

  // S3's events

  private JsonNode event(String key) {
    var found = new ArrayList<JsonNode>();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> {
          for (var body : clients.take(UPLOADS, 1)) {
            for (var record : CloudClients.json(body).path("Records")) {
              if (key.equals(decodedKey(record))) {
                found.add(record);
              }
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  private static String decodedKey(JsonNode record) {
    return URLDecoder.decode(record.at("/s3/object/key").asString(), StandardCharsets.UTF_8);
  }

  @Test
  void s3_announces_an_upload_with_key_size_and_etag() {
    var key = fresh("a b+ü(1)&=%.csv");
    var put =
        clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\nAB\n"));
    var record = event(key);
    assertThat(record.path("eventName").asString()).isEqualTo("ObjectCreated:Put");
    assertThat(record.path("eventSource").asString()).isEqualTo("aws:s3");
    assertThat(record.at("/s3/bucket/name").asString()).isEqualTo(BUCKET);
    assertThat(record.at("/s3/object/size").asLong()).isEqualTo(8);
    assertThat(record.at("/s3/object/eTag").asString()).isEqualTo(put.eTag().replace("\"", ""));
    assertThat(Instant.parse(record.path("eventTime").asString()))
        .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(60));
  }

  @Test
  @Differs(
      in = Cloud.LOCALSTACK,
      how = "a blank is %20 there; we decode both spellings, as URLs are decoded everywhere")
  void s3_encodes_a_blank_in_the_key_of_an_event_as_a_plus() {
    var key = fresh("a b.csv");
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\n"));
    assertThat(event(key).at("/s3/object/key").asString()).endsWith("a+b.csv");
  }

  @Test
  @Differs(
      in = Cloud.LOCALSTACK,
      how = "its sequencer is a constant; nothing of ours orders events by it")
  void s3_orders_the_events_of_one_key_by_their_sequencer() {
    var key = fresh("twice.csv");
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\n"));
    var first = event(key).at("/s3/object/sequencer").asString();
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\nA\n"));
    assertThat(event(key).at("/s3/object/sequencer").asString()).isGreaterThan(first);
  }

  @Test
  void s3_announces_nothing_outside_the_prefix() {
    var key = "rejects/conformance/" + System.nanoTime() + ".csv";
    clients.s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("code\n"));
    var marker = fresh("marker.csv");
    clients.s3.putObject(r -> r.bucket(BUCKET).key(marker), RequestBody.fromString("code\n"));
    // Once the later object is announced, any earlier one would have been, too.
    assertThat(decodedKey(event(marker))).isEqualTo(marker);
    assertThat(clients.take(UPLOADS, 1)).noneMatch(body -> body.contains("rejects"));
  }

  @Test
  void s3_announces_an_upload_in_parts_once_when_it_is_complete() {
    var key = fresh("parts.csv");
    var upload = clients.s3.createMultipartUpload(r -> r.bucket(BUCKET).key(key));
    var part =
        clients.s3.uploadPart(
            r -> r.bucket(BUCKET).key(key).uploadId(upload.uploadId()).partNumber(1),
            RequestBody.fromString("code\nAB\n"));
    clients.s3.completeMultipartUpload(r ->
        r.bucket(BUCKET)
            .key(key)
            .uploadId(upload.uploadId())
            .multipartUpload(m -> m.parts(p -> p.partNumber(1).eTag(part.eTag()))));
    assertThat(event(key).path("eventName").asString())
        .isEqualTo("ObjectCreated:CompleteMultipartUpload");
    assertThat(clients.take(UPLOADS, 1)).isEmpty();
  }

  // EventBridge

  @Test
  // The minute passes while the others run.
  @Order(Integer.MAX_VALUE)
  void eventbridge_sends_the_scheduled_event_each_minute() {
    var event =
        CloudClients.json(
            await()
                .atMost(Duration.ofSeconds(MORE_THAN_A_MINUTE))
                .until(() -> clients.take("conformance-ticks", 5), bodies -> !bodies.isEmpty())
                .getFirst());
    assertThat(event.path("detail-type").asString()).isEqualTo("Scheduled Event");
    assertThat(event.path("source").asString()).isEqualTo("aws.events");
    assertThat(event.path("resources").get(0).asString()).endsWith(":rule/conformance-tick");
    assertThat(Instant.parse(event.path("time").asString()))
        .isBetween(Instant.now().minusSeconds(MORE_THAN_A_MINUTE), Instant.now().plusSeconds(5));
  }
}
