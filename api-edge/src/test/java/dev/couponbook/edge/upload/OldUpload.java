package dev.couponbook.edge.upload;

import dev.couponbook.coupon.LoadId;
import dev.couponbook.coupon.PartnerId;
import dev.couponbook.edge.id.RequestIdKey;
import dev.couponbook.edge.id.RequestIds;
import dev.couponbook.edge.route.PublicBase;
import dev.couponbook.edge.upload.UploadIds.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** An upload that was asked for some time ago. */
public final class OldUpload {
  private OldUpload() {}

  /**
   * A UUID as it was made then, ordered by time.
   *
   * @param age until now
   */
  public static UUID madeBefore(Duration age) {
    var drawn = UUID.randomUUID();
    long time = Instant.now().minus(age).toEpochMilli();
    return new UUID(
        time << 16 | 0x7000L | drawn.getMostSignificantBits() & 0xfff,
        drawn.getLeastSignificantBits());
  }

  /** Its id, as an edge with a key of zeros gave it to the partner then. */
  public static String id(PartnerId partner, int book, boolean inParts, Duration age) {
    var key = RequestIdKey.of(new byte[32]);
    return new UploadIds(key, new RequestIds(key), PublicBase.ROOT)
        .text(partner, new Upload(new LoadId(madeBefore(age)), book, inParts));
  }
}
