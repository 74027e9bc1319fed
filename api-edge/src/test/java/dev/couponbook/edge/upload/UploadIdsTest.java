package dev.couponbook.edge.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.edge.upload.UploadIds.Upload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIdsTest {
  private static final PartnerId ACME = new PartnerId(1);

  private final RequestIdKey key = RequestIdKey.of(new byte[32]);
  private final RequestIds requests = new RequestIds(key);
  private final UploadIds ids = new UploadIds(key, requests, PublicBase.ROOT);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_id_carries_its_book_and_does_not_show_it(boolean inParts) {
    var upload = new Upload(ids.mint(), 4711, inParts);
    var text = ids.text(ACME, upload);
    assertThat(ids.verify(ACME, text)).contains(upload);
    assertThat(ids.verify(new PartnerId(2), text)).isEmpty();
    assertThat(text).doesNotContain("%08x".formatted(4711));
  }

  @Test
  void no_change_of_an_id_goes_unnoticed() {
    var text = ids.text(ACME, new Upload(ids.mint(), 1, false));
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == '0' ? '1' : '0';
      assertThat(ids.verify(ACME, text.substring(0, i) + other + text.substring(i + 1))).isEmpty();
    }
  }

  @Test
  void a_request_is_no_upload_and_an_upload_is_no_request() {
    var request = requests.mint();
    assertThat(ids.verify(ACME, requests.text(ACME, request))).isEmpty();
    assertThat(requests.verify(ACME, ids.text(ACME, new Upload(ids.mint(), 1, true)))).isEmpty();
  }

  @Test
  void an_upload_under_a_key_can_be_asked_for_again_and_has_no_end() {
    var id = ids.derive(ACME, new IdempotencyKey("march"));
    assertThat(new Upload(id, 1, false).until()).isEmpty();
  }
}
