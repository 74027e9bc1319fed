package dev.couponbook.local;

import java.util.ArrayList;
import java.util.Comparator;
import org.elasticmq.Limit;
import org.elasticmq.LimitedValue;
import org.elasticmq.Limits;
import org.elasticmq.RangeLimit;
import scala.collection.immutable.List;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigDecimal;

/**
 * The same limits, checked sooner. ElasticMQ looks each character of a body up in a list of ranges,
 * and begins with three that have one control character each; here the widest range comes first. In
 * envelopes of some ten kilobytes that was nearly half of its work (docs/performance.md).
 */
final class QuickLimits implements Limits {
  private final Limits limits;
  private final Limit<List<RangeLimit<Object>>> characters;

  QuickLimits(Limits limits) {
    this.limits = limits;
    this.characters = widestFirst(limits.bodyValidCharactersLimit());
  }

  private static Limit<List<RangeLimit<Object>>> widestFirst(
      Limit<List<RangeLimit<Object>>> characters) {
    if (!(characters instanceof LimitedValue<List<RangeLimit<Object>>> limited)) {
      return characters;
    }
    var ranges = new ArrayList<>(CollectionConverters.asJava(limited.value()));
    ranges.sort(Comparator.comparing(QuickLimits::width).reversed());
    return new LimitedValue<>(CollectionConverters.asScala(ranges).toList());
  }

  private static int width(RangeLimit<Object> range) {
    return (Integer) range.to() - (Integer) range.from();
  }

  @Override
  public Limit<List<RangeLimit<Object>>> bodyValidCharactersLimit() {
    return characters;
  }

  @Override
  public Limit<Object> queueNameLengthLimit() {
    return limits.queueNameLengthLimit();
  }

  @Override
  public Limit<Object> batchSizeLimit() {
    return limits.batchSizeLimit();
  }

  @Override
  public Limit<RangeLimit<Object>> numberOfMessagesLimit() {
    return limits.numberOfMessagesLimit();
  }

  @Override
  public Limit<Object> nonEmptyAttributesLimit() {
    return limits.nonEmptyAttributesLimit();
  }

  @Override
  public Limit<RangeLimit<BigDecimal>> numberAttributeValueLimit() {
    return limits.numberAttributeValueLimit();
  }

  @Override
  public Limit<RangeLimit<Object>> messageWaitTimeLimit() {
    return limits.messageWaitTimeLimit();
  }

  @Override
  public Limit<Object> maxMessageLength() {
    return limits.maxMessageLength();
  }

  @Override
  public Limit<Object> messageAttributesLimit() {
    return limits.messageAttributesLimit();
  }
}
