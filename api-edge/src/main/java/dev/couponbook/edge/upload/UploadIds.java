package dev.couponbook.edge.upload;

import dev.couponbook.coupon.InvalidValueException;
import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.coupon.RequestId;
import dev.couponbook.edge.id.IdempotencyKey;
import dev.couponbook.edge.id.KeyedHash;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.route.PublicBase;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes the ids of uploads and recognises them. Until its file has come, nothing about an upload is
 * written anywhere: so its id carries the book and whether it comes in parts, {@code <uuid>-<8
 * hexadecimal digits: the book's number, and a bit, masked><16: tag>}.
 */
@Singleton
final class UploadIds {
  private static final int UUID_LENGTH = 36;
  private static final int BOOK_LENGTH = 8;
  private static final int LENGTH = UUID_LENGTH + 1 + BOOK_LENGTH + KeyedHash.TAG_LENGTH;

  // What was begun at the last moment may be sent to its end: the largest file that is sent at
  // once,
  // and the largest part, over a slow line.
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(45);

  private final KeyedHash hash;
  private final RequestIds requests;
  private final PublicBase base;

  UploadIds(RequestIdKey key, RequestIds requests, PublicBase base) {
    this.hash = new KeyedHash(key);
    this.requests = requests;
    this.base = base;
  }

  /**
   * An upload that was asked for.
   *
   * @param book its number
   */
  record Upload(LoadId id, int book, boolean inParts) {
    private static final int IN_PARTS = 1 << 31; // no book has a negative number

    static Upload of(LoadId id, int word) {
      return new Upload(id, word & ~IN_PARTS, (word & IN_PARTS) != 0);
    }

    int word() {
      return inParts ? book | IN_PARTS : book;
    }

    /**
     * Until when its file can arrive; empty for the id of a key, whose address is renewed with each
     * call.
     */
    Optional<Instant> until() {
      var sent = inParts ? MultipartUploads.LENT : PresignUpload.LENT;
      return new RequestId(id.value()).madeAt().map(made -> made.plus(sent).plus(ON_ITS_WAY));
    }
  }

  LoadId mint() {
    return new LoadId(requests.mint().value());
  }

  LoadId derive(PartnerId partner, IdempotencyKey key) {
    return new LoadId(requests.derive(partner, key).value());
  }

  String text(PartnerId partner, Upload upload) {
    int masked = upload.word() ^ mask(partner, upload.id);
    return upload.id + "-" + HexFormat.of().toHexDigits(masked) + tag(partner, upload);
  }

  /** Where the upload of that id can be asked about. */
  String link(String text) {
    return base.link("/coupons/codes/uploads/" + text);
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
      var upload = Upload.of(id, masked ^ mask(partner, id));
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
    return hash.tag("upload:" + partner.value() + ":" + upload.id + ":" + upload.word());
  }
}
