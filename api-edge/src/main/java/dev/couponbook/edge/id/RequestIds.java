package dev.couponbook.edge.id;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the ids of requests, and recognises them without looking anything up: outside, an id is its
 * UUID and a tag, {@code <uuid>-<16 hexadecimal digits>}, that only this edge can have made and
 * only for this partner. Inside (messages, tables, logs) there is only the UUID.
 */
@Singleton
public final class RequestIds {
  private static final int UUID_LENGTH = 36;
  private static final long VERSION_7 = 0x7000L;
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final SecureRandom random = new SecureRandom();
  private final KeyedHash hash;

  public RequestIds(RequestIdKey key) {
    this.hash = new KeyedHash(key);
  }

  /** A new id, ordered by time (UUID version 7). */
  public RequestId mint() {
    var bytes = new byte[10];
    random.nextBytes(bytes);
    var drawn = ByteBuffer.wrap(bytes);
    long high = System.currentTimeMillis() << 16 | VERSION_7 | drawn.getShort() & 0x0fff;
    long low = VARIANT | drawn.getLong() >>> 2;
    return new RequestId(new UUID(high, low));
  }

  /** The one id that belongs to this key of this partner (UUID version 8). */
  public RequestId derive(PartnerId partner, IdempotencyKey key) {
    var drawn = ByteBuffer.wrap(hash.of("key:" + partner.value() + ":" + key.value()));
    long high = drawn.getLong() & ~0xf000L | VERSION_8;
    long low = VARIANT | drawn.getLong() >>> 2;
    return new RequestId(new UUID(high, low));
  }

  /** The id as the partner gets it. */
  public String text(PartnerId partner, RequestId id) {
    return id + "-" + tag(partner, id);
  }

  /** The id behind the text, if it was given to this partner. */
  public Optional<RequestId> verify(PartnerId partner, String text) {
    if (text.length() != UUID_LENGTH + 1 + KeyedHash.TAG_LENGTH
        || text.charAt(UUID_LENGTH) != '-') {
      return Optional.empty();
    }
    try {
      var id = RequestId.parse(text.substring(0, UUID_LENGTH));
      return KeyedHash.isSame(text.substring(UUID_LENGTH + 1), tag(partner, id))
          ? Optional.of(id)
          : Optional.empty();
    } catch (InvalidValueException notAUuid) {
      return Optional.empty();
    }
  }

  private String tag(PartnerId partner, RequestId id) {
    return hash.tag(partner.value() + ":" + id);
  }
}
