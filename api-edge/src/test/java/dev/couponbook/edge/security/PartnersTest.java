package dev.couponbook.edge.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.edge.SharedEdge;
import dev.couponbook.postgres.Transactions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PartnersTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Partners partners = new Partners(new Transactions(SharedEdge.pool()), nanos::get);

  @Test
  void a_disabled_partner_is_out_within_a_minute_however_often_it_asks() {
    SharedEdge.sql("INSERT INTO partner (name, client_id) VALUES ('leaving', 'leaving')");
    assertThat(partners.of("leaving")).isPresent();
    SharedEdge.sql("UPDATE partner SET disabled_at = now() WHERE client_id = 'leaving'");
    for (int second = 0; second < 59; second++) {
      partners.of("leaving");
      pass(Duration.ofSeconds(1));
    }
    assertThat(partners.of("leaving")).isEmpty();
  }

  @Test
  void a_new_partner_need_not_wait() {
    assertThat(partners.of("arriving")).isEmpty();
    SharedEdge.sql("INSERT INTO partner (name, client_id) VALUES ('arriving', 'arriving')");
    assertThat(partners.of("arriving")).isPresent();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
