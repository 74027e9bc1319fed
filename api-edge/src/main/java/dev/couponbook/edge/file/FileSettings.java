package dev.couponbook.edge.file;

import dev.couponbook.program.Environment;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where files lie.
 *
 * @param pathStyle whether the bucket is named in the path of an address and not in its host; a
 *     bucket on one machine has no host of its own
 * @param publicUrl where partners reach the files, if the programs reach them elsewhere
 */
public record FileSettings(String bucket, boolean pathStyle, @Nullable URI publicUrl) {
  public static FileSettings from(Environment environment) {
    return new FileSettings(
        environment.text("COUPON_BUCKET", "coupon-files"),
        environment.flag("COUPON_S3_PATH_STYLE", false),
        environment.find("COUPON_S3_PUBLIC_URL") == null
            ? null
            : environment.httpAddress("COUPON_S3_PUBLIC_URL"));
  }
}
