package dev.couponbook.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.couponbook.local.Resources.Notification;
import dev.couponbook.local.Resources.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  @Test
  void every_resource_that_is_referred_to_is_in_the_list() {
    var list = Resources.load();
    var queues = list.queues().stream().map(Resources.Queue::name).collect(Collectors.toSet());
    for (var queue : list.queues()) {
      var dead = queue.deadLetter();
      if (dead != null) {
        assertThat(queues).contains(dead.queue());
      }
    }
    list.buckets()
        .forEach(b -> b.notifications().forEach(n -> assertThat(queues).contains(n.queue())));
    list.schedules().forEach(s -> assertThat(queues).contains(s.queue()));
  }

  @Test
  void a_rate_is_minutes_hours_or_days() {
    assertThat(new Schedule("s", "rate(1 minute)", "q").period()).isEqualTo(Duration.ofMinutes(1));
    assertThat(new Schedule("s", "rate(5 minutes)", "q").period()).isEqualTo(Duration.ofMinutes(5));
    assertThat(new Schedule("s", "rate(2 hours)", "q").period()).isEqualTo(Duration.ofHours(2));
    assertThat(new Schedule("s", "rate(1 day)", "q").period()).isEqualTo(Duration.ofDays(1));
    assertThatThrownBy(() -> new Schedule("s", "rate(10 seconds)", "q").period())
        .isInstanceOf(HomeException.class)
        .hasMessageContaining("'rate(10 seconds)'");
  }

  @Test
  void a_notification_asks_for_events_and_a_prefix() {
    var any = new Notification(List.of("s3:ObjectCreated:*"), "uploads/", "q");
    assertThat(any.wants("ObjectCreated:Put", "uploads/a")).isTrue();
    assertThat(any.wants("ObjectCreated:Put", "rejects/a")).isFalse();
    assertThat(any.wants("ObjectRemoved:Delete", "uploads/a")).isFalse();
    var put = new Notification(List.of("s3:ObjectCreated:Put"), "", "q");
    assertThat(put.wants("ObjectCreated:Copy", "x")).isFalse();
  }
}
