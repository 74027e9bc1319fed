package dev.couponbook.edge.id;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.command.Fingerprint;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.id.RequestIds.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final PartnerId ACME = new PartnerId(1);
  private static final PartnerId OTHER = new PartnerId(2);

  private final RequestIds ids = new RequestIds(RequestIdKey.of(new byte[32]));

  @Test
  void minted_ids_are_of_version_7_and_ordered_by_time() throws InterruptedException {
    var earlier = ids.mint().value();
    Thread.sleep(2); // the order is by milliseconds
    var later = ids.mint().value();
    assertThat(List.of(earlier, later)).allMatch(id -> id.version() == 7 && id.variant() == 2);
    assertThat(later.toString()).isGreaterThan(earlier.toString());
    assertThat(earlier.getMostSignificantBits() >>> 16)
        .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(5_000L));
  }

  @Test
  void a_key_has_one_id_of_version_8_and_partners_never_share_it() {
    var key = new IdempotencyKey("order-1");
    var id = ids.derive(ACME, key);
    assertThat(id.value().version()).isEqualTo(8);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(ids.derive(ACME, key)).isEqualTo(id);
    assertThat(ids.derive(OTHER, key)).isNotEqualTo(id);
    assertThat(ids.derive(ACME, new IdempotencyKey("order-2"))).isNotEqualTo(id);
  }

  @Test
  void an_id_is_recognised_for_its_own_partner_only() {
    var id = ids.mint();
    var text = ids.text(ACME, id);
    assertThat(text).matches("[0-9a-f-]{36}-[0-9a-f]{16}");
    assertThat(ids.verify(ACME, text)).contains(new Given(id, ""));
    assertThat(ids.verify(OTHER, text)).isEmpty();
  }

  @Test
  void the_id_of_a_key_says_what_the_key_stood_for() {
    var id = ids.derive(ACME, new IdempotencyKey("order-1"));
    var asked = Fingerprint.of("asked");
    var text = ids.text(ACME, id, asked);
    assertThat(text).matches("[0-9a-f-]{36}-[0-9a-f]{24}");
    var given = ids.verify(ACME, text).orElseThrow();
    assertThat(given.id()).isEqualTo(id);
    assertThat(given.standsFor(asked)).isTrue();
    assertThat(given.standsFor(Fingerprint.of("something else"))).isFalse();
    assertThat(ids.verify(OTHER, text)).isEmpty();
    var unsaid = ids.verify(ACME, ids.text(ACME, id)).orElseThrow();
    assertThat(unsaid.standsFor(Fingerprint.of("something else"))).isTrue();
  }

  @Test
  void an_id_without_a_key_is_one_request_only_and_says_nothing_of_it() {
    var id = ids.mint();
    assertThat(ids.text(ACME, id, Fingerprint.of("asked"))).isEqualTo(ids.text(ACME, id));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_change_of_an_id_goes_unnoticed(boolean ofKey) {
    var id = ofKey ? ids.derive(ACME, new IdempotencyKey("order-1")) : ids.mint();
    var text = ids.text(ACME, id, Fingerprint.of("asked"));
    var changed = new ArrayList<String>();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == '0' ? '1' : '0';
      changed.add(text.substring(0, i) + other + text.substring(i + 1));
    }
    changed.addAll(
        List.of(
            "", "x", text + "0", " " + text, text.toUpperCase(Locale.ROOT), text.substring(0, 36)));
    assertThat(changed).allSatisfy(other -> assertThat(ids.verify(ACME, other)).isEmpty());
  }

  @Test
  void another_key_makes_other_tags() {
    var otherKey = new byte[32];
    otherKey[0] = 1;
    var id = new RequestId(UUID.randomUUID());
    assertThat(new RequestIds(RequestIdKey.of(otherKey)).verify(ACME, ids.text(ACME, id)))
        .isEmpty();
  }
}
