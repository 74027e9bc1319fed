package dev.couponbook.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.command.UndecodableMessageException;
import dev.couponbook.ingest.upload.S3Events.Created;
import dev.couponbook.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3EventsTest {
  private static String event(String name, String key) {
    return """
    {"eventVersion":"2.1","eventName":"%s","s3":{"bucket":{"name":"coupon-files"},"object":{"key":"%s","size":4}}}
    """
        .formatted(name, key);
  }

  private static String message(String... records) {
    return "{\"Records\":[" + String.join(",", records) + "]}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectCreated:Put",
        "ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectCreated:Put"
      })
  void created_object_is_found_with_or_without_the_prefix_of_the_name(String name) {
    assertThat(S3Events.created(message(event(name, "uploads/1/a.csv"))))
        .containsExactly(new Created("coupon-files", "uploads/1/a.csv"));
  }

  private static String ofSns(String message) {
    return Json.mapper()
        .writeValueAsString(
            Map.of(
                "Type", "Notification",
                "MessageId", "1",
                "TopicArn", "arn:aws:sns:eu-central-1:1:uploads",
                "Subject", "Amazon S3 Notification",
                "Message", message));
  }

  private static String ofEventBridge(String type, String key) {
    return """
    {"version":"0","id":"1","detail-type":"%s","source":"aws.s3","account":"1","region":"eu-central-1",
     "resources":["arn:aws:s3:::coupon-files"],
     "detail":{"version":"0","bucket":{"name":"coupon-files"},"object":{"key":"%s","size":4},"reason":"PutObject"}}
    """
        .formatted(type, key);
  }

  @Test
  void notification_in_the_envelope_of_a_topic_is_taken_out_of_it() {
    var bare = message(event("ObjectCreated:Put", "uploads%2F1%2Fa+b.csv"));
    assertThat(S3Events.created(ofSns(bare)))
        .containsExactly(new Created("coupon-files", "uploads/1/a b.csv"));
    assertThat(S3Events.created(ofSns("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}")))
        .isEmpty();
    assertThat(S3Events.created(ofSns(ofEventBridge("Object Created", "uploads/1/a.csv"))))
        .hasSize(1);
  }

  @Test
  void event_of_the_bus_has_its_key_as_it_is() {
    assertThat(S3Events.created(ofEventBridge("Object Created", "uploads/1/a+b%20c.csv")))
        .containsExactly(new Created("coupon-files", "uploads/1/a+b%20c.csv"));
    assertThat(S3Events.created(ofEventBridge("Object Deleted", "uploads/1/a.csv"))).isEmpty();
  }

  @Test
  void envelope_without_a_notification_in_it_is_undecodable() {
    for (var inside : List.of("hello", "{}", "[]", "")) {
      assertThatThrownBy(() -> S3Events.created(ofSns(inside)))
          .isInstanceOf(UndecodableMessageException.class);
    }
  }

  @Test
  void key_is_decoded_as_a_form_is() {
    assertThat(S3Events.created(message(event("ObjectCreated:Put", "uploads%2F1%2Fa+b%C3%A4.csv"))))
        .extracting(Created::key)
        .containsExactly("uploads/1/a b\u00e4.csv");
  }

  @Test
  void deletions_among_the_records_are_left_out() {
    var message =
        message(
            event("ObjectRemoved:Delete", "uploads/1/a.csv"),
            event("ObjectCreated:Put", "uploads/1/b.csv"));
    assertThat(S3Events.created(message))
        .extracting(Created::key)
        .containsExactly("uploads/1/b.csv");
  }

  @Test
  void test_message_of_the_bucket_has_no_objects() {
    assertThat(S3Events.created("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}"))
        .isEmpty();
    assertThat(S3Events.created("{\"Records\":[]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "[]", "{}", "{\"Records\":7}", "", "null"})
  void what_is_not_a_notification_is_undecodable(String message) {
    assertThatThrownBy(() -> S3Events.created(message))
        .isInstanceOf(UndecodableMessageException.class);
  }

  @Test
  void key_that_cannot_be_decoded_is_undecodable() {
    assertThatThrownBy(() -> S3Events.created(message(event("ObjectCreated:Put", "uploads/%zz"))))
        .isInstanceOf(UndecodableMessageException.class);
  }
}
