package dev.couponbook.edge.id;

import dev.couponbook.command.Fingerprint;
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
 *
 * <p>The id of a key also carries what the key stood for, {@code <uuid>-<8 hexadecimal digits:
 * beginning of the fingerprint><16: tag>}: if two edges take one key for two requests at the same
 * time, one of the two is told when it asks what became of it.
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

  /**
   * An id that was given to a partner.
   *
   * @param asked the beginning of the fingerprint of what was asked; empty if the id does not say
   */
  public record Given(RequestId id, String asked) {

    /** Whether the id can stand for the request with this fingerprint. */
    public boolean standsFor(Fingerprint fingerprint) {
      return asked.isEmpty() || asked.equals(fingerprint.beginning());
    }
  }

  /** The id as the partner gets it who asked for this. */
  public String text(PartnerId partner, RequestId id, Fingerprint fingerprint) {
    return text(partner, new Given(id, id.isOfKey() ? fingerprint.beginning() : ""));
  }

  /** The id as the partner gets it when it is not known any more what was asked. */
  public String text(PartnerId partner, RequestId id) {
    return text(partner, new Given(id, ""));
  }

  private String text(PartnerId partner, Given given) {
    return given.id + "-" + given.asked + tag(partner, given);
  }

  /** The id behind the text, if it was given to this partner. */
  public Optional<Given> verify(PartnerId partner, String text) {
    int tagAt = text.length() - KeyedHash.TAG_LENGTH;
    int asked = tagAt - UUID_LENGTH - 1;
    if ((asked != 0 && asked != Fingerprint.BEGINNING) || text.charAt(UUID_LENGTH) != '-') {
      return Optional.empty();
    }
    try {
      var given =
          new Given(
              RequestId.parse(text.substring(0, UUID_LENGTH)),
              text.substring(UUID_LENGTH + 1, tagAt));
      return KeyedHash.isSame(text.substring(tagAt), tag(partner, given))
          ? Optional.of(given)
          : Optional.empty();
    } catch (InvalidValueException notAUuid) {
      return Optional.empty();
    }
  }

  private String tag(PartnerId partner, Given given) {
    var named = partner.value() + ":" + given.id;
    return hash.tag(given.asked.isEmpty() ? named : named + ":" + given.asked);
  }
}
