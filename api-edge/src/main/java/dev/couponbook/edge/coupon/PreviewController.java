package dev.couponbook.edge.coupon;

import dev.couponbook.edge.security.NeedsToken;
import dev.couponbook.edge.security.Scope;
import dev.couponbook.pattern.CodePreview;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What a pattern would make; no command, because nothing is kept. */
@Controller("/coupons/codes/preview")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class PreviewController {
  /** Shows what {@code POST /coupons/codes} would generate for the same body. */
  @Post
  @NeedsToken(Scope.READ)
  PatternPreview preview(@Body PreviewBody body) {
    var generated = body.generated();
    return PatternPreview.of(CodePreview.of(generated.form(), generated.amount()));
  }
}
