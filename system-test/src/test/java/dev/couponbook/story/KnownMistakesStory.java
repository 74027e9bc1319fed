package dev.couponbook.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The mistakes of the first draft of this service, and the tests that would turn red if one came
 * back.
 *
 * <table>
 * <caption>The tests for each</caption>
 * <tr><th>mistake</th><th>test</th></tr>
 * <tr><td>redeem accepted only an expired lock</td>
 *     <td>{@code RedeemStory.a_locked_code_is_redeemed_and_the_lock_ends},
 *         {@code LockStory.an_expired_lock_does_not_count_whether_swept_or_not}</td></tr>
 * <tr><td>random pick without a row lock: one code to two users</td>
 *     <td>{@code AssignStory.no_code_goes_to_two_users_and_none_is_forgotten}; races of 64 in
 *         {@code assign-worker}, {@code RacesTest}</td></tr>
 * <tr><td>the limit per user could be raced</td>
 *     <td>{@code AssignStory.a_user_never_has_more_codes_than_the_book_allows_not_even_by_asking_at_once};
 *         {@code RacesTest}</td></tr>
 * <tr><td>four letters by default, and the whole book loaded to check for clashes</td>
 *     <td>{@code AddCodesStory.a_generated_code_is_long_and_has_no_look_alikes},
 *         {@code AddCodesStory.a_pattern_can_be_filled_to_its_last_code}</td></tr>
 * <tr><td>unlock and assign loaded unbounded rows</td>
 *     <td>{@link #assigning_from_a_large_book_does_not_load_it}</td></tr>
 * <tr><td>a refusal thrown inside the retry loop was swallowed</td>
 *     <td>{@code RequestStory.a_refused_request_has_failed_and_says_why}: at once, not after five
 *         receives</td></tr>
 * <tr><td>refusals of redeem had no member {@code error}</td>
 *     <td>{@link #every_refusal_of_redeem_says_why_in_error}</td></tr>
 * <tr><td>absent and foreign codes were answered differently</td>
 *     <td>{@code IsolationStory},
 *         {@code LockStory.a_user_who_does_not_hold_the_code_gets_the_same_answer_as_for_no_code_at_all}</td></tr>
 * </table>
 */
class KnownMistakesStory {
  private static final String ANN = "ann@example.com";

  @Test
  void every_refusal_of_redeem_says_why_in_error(Partner partner) {
    var book = partner.bookOf(List.of("WHY"));
    partner.assignCode(book, "WHY", ANN).is(200);

    partner.redeem("NEVER", ANN).refused(404, "User has no coupon with that code assigned");
    partner.redeem("WHY", ANN).refused(400, "Coupon is not locked");
    partner.lock("WHY", ANN).is(200);
    partner.redeem("WHY", ANN).is(200);
    partner.redeem("WHY", ANN).refused(400, "Coupon has reached its maximum redeem count per user");
  }

  @Test
  void assigning_from_a_large_book_does_not_load_it(Partner partner, Home home) {
    var large = partner.book();
    var request =
        partner.submit(
            "/coupons/codes",
            Partner.json("bookId", large, "generated", Partner.json("amount", 100_000)));
    partner.outcome(request).is(201);
    long worker = home.residentMegabytes("assign-worker");

    for (int i = 0; i < 20; i++) {
      var code = partner.assign(large, "user" + i + "@example.com").is(200).text("code");
      partner.lock(code, "user" + i + "@example.com").is(200);
      partner.unlock(code, "user" + i + "@example.com").is(200);
    }

    assertThat(home.residentMegabytes("assign-worker") - worker)
        .as("MiB that the worker grew by")
        .isLessThan(100);
    assertThat(partner.count(large, "assigned")).isEqualTo(20);
  }
}
