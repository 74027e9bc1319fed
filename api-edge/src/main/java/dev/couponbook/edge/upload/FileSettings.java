package dev.couponbook.edge.upload;

import dev.couponbook.program.Environment;

/**
 * Where files lie.
 *
 * @param pathStyle whether the bucket stands in the path of an address rather than in its host; a
 *     bucket on one machine has no host of its own
 */
public record FileSettings(String bucket, boolean pathStyle) {
  public static FileSettings from(Environment environment) {
    return new FileSettings(
        environment.text("COUPON_BUCKET", "coupon-files"),
        environment.flag("COUPON_S3_PATH_STYLE", false));
  }
}
