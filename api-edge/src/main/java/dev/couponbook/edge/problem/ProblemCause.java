package dev.couponbook.edge.problem;

/**
 * Why exactly the edge refused a call; {@link dev.couponbook.coupon.Cause} does the same for what
 * the workers refuse.
 */
public enum ProblemCause {
  BAD_REQUEST("not_understood", "The request breaks the rules of HTTP: send it as error says"),
  MISSING("missing", "Send what field names"),
  INVALID_VALUE("invalid_value", "Send what field names as the description of the API has it"),
  HAS_PASSED("has_passed", "What field names must lie in the future"),
  GIVEN_TWICE("given_twice", "Either value could be meant: send what field names once"),
  UNKNOWN_MEMBER("unknown_member", "Leave out what field names, or correct its spelling"),
  UNKNOWN_PARAMETER("unknown_parameter", "Leave out what field names, or correct its spelling"),
  MALFORMED_JSON("malformed_json", "Correct the body at the place that error tells"),
  INVALID_KEY(
      "invalid_key",
      "Send a quoted string of printable ASCII, or only letters, digits, _ and -; 255 at most"),
  NO_TOKEN("no_token", "Send an access token, as in Authorization: Bearer TOKEN"),
  TOKEN_EXPIRED("token_expired", "Get a new token from the issuer, and send the call again"),
  TOKEN_NOT_YET_VALID(
      "token_not_yet_valid", "Compare the clocks of the issuer and of this service"),
  BAD_TOKEN("bad_token", "Send an access token of this service's issuer, unchanged"),
  NO_PARTNER("no_partner", "Ask the operators to add the token's client as a partner"),
  SCOPE_MISSING("scope_missing", "Get a token with the scope that error names"),
  NOT_THERE("not_there", "There is no such thing, or it is another partner's: check the id"),
  NO_SUCH_CALL("no_such_call", "No call has this path: GET /openapi.yaml describes all of them"),
  OTHER_METHODS("other_methods", "Use one of the methods that Allow names"),
  JSON_NOT_ACCEPTED("json_not_accepted", "Allow application/json in Accept, or leave Accept out"),
  TOO_SLOW("too_slow", "Send the whole request without a pause"),
  NO_PART("no_part", "Send the parts to their addresses, and then call again"),
  PARTS_NOT_AS_SIGNED(
      "parts_not_as_signed", "Send each part with its length, as the answer to the upload has it"),
  ANSWER_NOT_KEPT(
      "answer_not_kept",
      "The request is done: look up the book or the code, and ask sooner the next time"),
  UNDONE("undone", "An undo took the codes: there is nothing left to fetch"),
  PAST_RETENTION(
      "past_retention",
      "Reports are kept for some days: the counts are still in the state of the load"),
  BODY_TOO_LARGE("body_too_large", "Send less at once, or send codes as a file"),
  FILE_TOO_LARGE("file_too_large", "Split the file and upload each piece"),
  ADDRESS_TOO_LONG("address_too_long", "Send shorter parameters"),
  NOT_JSON("not_json", "Send JSON with Content-Type: application/json, not compressed"),
  KEY_OF_ANOTHER_CALL(
      "key_of_another_call", "Use a new key for each act, and the same for repeats"),
  RATE_OF_PARTNER(
      "rate_of_partner", "Wait as long as Retry-After says; RateLimit tells what is left"),
  GUESSING(
      "guessing", "Name codes that are there; wait as long as Retry-After says for the next try"),
  HEADERS_TOO_LARGE("headers_too_large", "Send fewer or shorter headers"),
  FAILURE(
      "failure", "Send the call again with the same Idempotency-Key; tell the operators Trace-Id"),
  NOT_IMPLEMENTED("not_implemented", "Send the request in a simpler form"),
  AWAY("away", "Wait as long as Retry-After says, and send the call again with the same key"),
  HTTP_VERSION("http_version", "Speak HTTP/1.1");

  private final String word;
  private final String detail;

  ProblemCause(String word, String detail) {
    this.word = word;
    this.detail = detail;
  }

  /** The stable name for machines, member {@code cause} of the answer. */
  public String word() {
    return word;
  }

  /** What to do, member {@code detail} of the answer. */
  public String detail() {
    return detail;
  }
}
