package dev.couponbook.edge.problem;

import java.util.List;

/**
 * Why the edge itself refuses a call. Whatever the worker refuses is a {@link
 * dev.couponbook.coupon.Refusal}; the description of the API names both.
 */
public enum ProblemCode {
  BAD_REQUEST(400, "bad_request", ProblemCause.BAD_REQUEST),
  MISSING(400, "missing", ProblemCause.MISSING),
  INVALID_VALUE(
      400,
      "invalid_value",
      ProblemCause.INVALID_VALUE,
      ProblemCause.HAS_PASSED,
      ProblemCause.GIVEN_TWICE),
  UNKNOWN_MEMBER(400, "unknown_member", ProblemCause.UNKNOWN_MEMBER),
  UNKNOWN_PARAMETER(400, "unknown_parameter", ProblemCause.UNKNOWN_PARAMETER),
  MALFORMED_JSON(400, "malformed_json", ProblemCause.MALFORMED_JSON),
  INVALID_IDEMPOTENCY_KEY(400, "invalid_idempotency_key", ProblemCause.INVALID_KEY),
  UNAUTHORIZED(
      401,
      "unauthorized",
      ProblemCause.NO_TOKEN,
      ProblemCause.TOKEN_EXPIRED,
      ProblemCause.TOKEN_NOT_YET_VALID,
      ProblemCause.BAD_TOKEN,
      ProblemCause.NO_PARTNER),
  INSUFFICIENT_SCOPE(403, "insufficient_scope", ProblemCause.SCOPE_MISSING),
  NOT_FOUND(404, "not_found", ProblemCause.NOT_THERE, ProblemCause.NO_SUCH_CALL),
  METHOD_NOT_ALLOWED(405, "method_not_allowed", ProblemCause.OTHER_METHODS),
  NOT_ACCEPTABLE(406, "not_acceptable", ProblemCause.JSON_NOT_ACCEPTED),
  REQUEST_TIMEOUT(408, "request_timeout", ProblemCause.TOO_SLOW),
  PARTS_MISSING(409, "parts_missing", ProblemCause.NO_PART),
  PARTS_REFUSED(409, "parts_refused", ProblemCause.PARTS_NOT_AS_SIGNED),
  REQUEST_EXPIRED(410, "request_expired", ProblemCause.ANSWER_NOT_KEPT),
  CODES_UNDONE(410, "codes_undone", ProblemCause.UNDONE),
  FILE_GONE(410, "file_gone", ProblemCause.PAST_RETENTION),
  BODY_TOO_LARGE(413, "body_too_large", ProblemCause.BODY_TOO_LARGE),
  FILE_TOO_LARGE(413, "file_too_large", ProblemCause.FILE_TOO_LARGE),
  ADDRESS_TOO_LONG(414, "address_too_long", ProblemCause.ADDRESS_TOO_LONG),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", ProblemCause.NOT_JSON),
  IDEMPOTENCY_KEY_REUSED(422, "idempotency_key_reused", ProblemCause.KEY_OF_ANOTHER_CALL),
  RATE_LIMITED(429, "rate_limited", ProblemCause.RATE_OF_PARTNER),
  TOO_MANY_MISSES(429, "too_many_misses", ProblemCause.GUESSING),
  HEADERS_TOO_LARGE(431, "headers_too_large", ProblemCause.HEADERS_TOO_LARGE),
  /** Whatever else the framework refuses; the problem has the framework's status. */
  REFUSED(400, "refused", ProblemCause.BAD_REQUEST),
  /** A failure of the edge; the problem has the framework's status if that gave one. */
  INTERNAL_ERROR(500, "internal_error", ProblemCause.FAILURE),
  NOT_IMPLEMENTED(501, "not_implemented", ProblemCause.NOT_IMPLEMENTED),
  UNAVAILABLE(503, "unavailable", ProblemCause.AWAY),
  HTTP_VERSION_NOT_SUPPORTED(505, "http_version_not_supported", ProblemCause.HTTP_VERSION);

  private final int status;
  private final String code;
  private final List<ProblemCause> causes;

  ProblemCode(int status, String code, ProblemCause... causes) {
    this.status = status;
    this.code = code;
    this.causes = List.of(causes);
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The stable name for machines, member {@code code} of the answer. */
  public String code() {
    return code;
  }

  /** The causes that it can have, the usual one first. */
  public List<ProblemCause> causes() {
    return causes;
  }
}
