package dev.couponbook.edge.upload;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.id.KeyedHash;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.id.RequestIds;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes the ids of uploads and recognises them. Until its file has come, nothing about an upload is
 * written anywhere: so its id carries the book, {@code <uuid>-<8 hexadecimal digits: the book's
 * number, masked><16: tag>}.
 */
@Singleton
final class UploadIds {
  private static final int UUID_LENGTH = 36;
  private static final int BOOK_LENGTH = 8;
  private static final int LENGTH = UUID_LENGTH + 1 + BOOK_LENGTH + KeyedHash.TAG_LENGTH;

  private final KeyedHash hash;
  private final RequestIds requests;

  UploadIds(RequestIdKey key, RequestIds requests) {
    this.hash = new KeyedHash(key);
    this.requests = requests;
  }

  /** An upload that was asked for, and for which book. */
  record Upload(LoadId id, int book) {}

  LoadId mint() {
    return new LoadId(requests.mint().value());
  }

  LoadId derive(PartnerId partner, IdempotencyKey key) {
    return new LoadId(requests.derive(partner, key).value());
  }

  String text(PartnerId partner, Upload upload) {
    int masked = upload.book ^ mask(partner, upload.id);
    return upload.id + "-" + HexFormat.of().toHexDigits(masked) + tag(partner, upload);
  }

  /** The upload behind the text, if it was given to this partner. */
  Optional<Upload> verify(PartnerId partner, String text) {
    if (text.length() != LENGTH || text.charAt(UUID_LENGTH) != '-') {
      return Optional.empty();
    }
    try {
      var id = LoadId.parse(text.substring(0, UUID_LENGTH));
      int bookAt = UUID_LENGTH + 1;
      int masked = HexFormat.fromHexDigits(text, bookAt, bookAt + BOOK_LENGTH);
      var upload = new Upload(id, masked ^ mask(partner, id));
      return KeyedHash.isSame(text.substring(bookAt + BOOK_LENGTH), tag(partner, upload))
          ? Optional.of(upload)
          : Optional.empty();
    } catch (InvalidValueException | NumberFormatException neverGivenOut) {
      return Optional.empty();
    }
  }

  // Books are numbered across all partners: unmasked, a number would tell how many there are.
  private int mask(PartnerId partner, LoadId id) {
    return ByteBuffer.wrap(hash.of("book:" + partner.value() + ":" + id)).getInt();
  }

  private String tag(PartnerId partner, Upload upload) {
    return hash.tag("upload:" + partner.value() + ":" + upload.id + ":" + upload.book);
  }
}
