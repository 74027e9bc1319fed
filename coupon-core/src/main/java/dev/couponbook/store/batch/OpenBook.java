package dev.couponbook.store.batch;

import dev.couponbook.command.ChangeBook;
import dev.couponbook.command.NewValue;
import dev.couponbook.coupon.BookState;
import dev.couponbook.coupon.BookTerms;
import dev.couponbook.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One book's row, locked by this transaction, and what the commands of the batch have made of it so
 * far.
 */
final class OpenBook {
  final int number;
  final Books.Key key;
  final Instant createdAt;
  final int formerVersion;

  private String name;
  private BookTerms terms;
  // As text, so that what is not changed stays as it came, to the letter.
  private @Nullable String metadata;
  private BookState state;
  private int version;

  OpenBook(
      int number,
      Books.Key key,
      Instant createdAt,
      int version,
      BookState state,
      String name,
      BookTerms terms,
      @Nullable String metadata) {
    this.number = number;
    this.key = key;
    this.createdAt = createdAt;
    this.formerVersion = this.version = version;
    this.state = state;
    this.name = name;
    this.terms = terms;
    this.metadata = metadata;
  }

  String name() {
    return name;
  }

  BookTerms terms() {
    return terms;
  }

  @Nullable String metadata() {
    return metadata;
  }

  BookState state() {
    return state;
  }

  int version() {
    return version;
  }

  boolean isChanged() {
    return version != formerVersion;
  }

  /**
   * Makes the change, and counts it.
   *
   * @throws dev.couponbook.coupon.InvalidValueException if the dates do not go together, which must
   *     have been asked before
   */
  void change(ChangeBook change) {
    terms =
        new BookTerms(
            or(change.maxCodesPerUser(), terms.maxCodesPerUser()),
            or(change.maxRedeemsPerUser(), terms.maxRedeemsPerUser()),
            NewValue.after(change.startsAt(), terms.startsAt()),
            NewValue.after(change.expiresAt(), terms.expiresAt()),
            or(change.lockSeconds(), terms.lockSeconds()));
    name = change.bookName() == null ? name : change.bookName();
    metadata = change.metadata() == null ? metadata : text(change.metadata().value());
    version++;
  }

  /** Gives the book another state, and counts that. */
  void become(BookState other) {
    state = other;
    version++;
  }

  private static int or(@Nullable Integer given, int former) {
    return given == null ? former : given;
  }

  private static @Nullable String text(@Nullable JsonNode json) {
    return json == null ? null : Json.mapper().writeValueAsString(json);
  }

  /** The book as its partner sees it, in the members of {@code GET /coupons/{bookId}}. */
  Map<String, Object> answer() {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("bookId", key.id());
    answer.put("bookName", name);
    answer.put("maxCodesPerUser", terms.maxCodesPerUser());
    answer.put("maxRedeemCountPerUser", terms.maxRedeemsPerUser());
    put(answer, "startsAt", terms.startsAt());
    put(answer, "expiresAt", terms.expiresAt());
    answer.put("lockSeconds", terms.lockSeconds());
    put(answer, "metadata", metadata == null ? null : Json.mapper().readTree(metadata));
    answer.put("createdAt", createdAt);
    answer.put("state", state);
    answer.put("version", version);
    return answer;
  }

  private static void put(Map<String, Object> answer, String member, @Nullable Object value) {
    if (value != null) {
      answer.put(member, value);
    }
  }
}
