package dev.couponbook.edge.problem;

/**
 * Why the edge itself refuses a call. Whatever the worker refuses is a {@link
 * dev.couponbook.coupon.Refusal}; the description of the API names both.
 */
public enum ProblemCode {
  BAD_REQUEST(400, "bad_request"),
  MISSING(400, "missing"),
  INVALID_VALUE(400, "invalid_value"),
  UNKNOWN_MEMBER(400, "unknown_member"),
  MALFORMED_JSON(400, "malformed_json"),
  INVALID_IDEMPOTENCY_KEY(400, "invalid_idempotency_key"),
  UNAUTHORIZED(401, "unauthorized"),
  INSUFFICIENT_SCOPE(403, "insufficient_scope"),
  NOT_FOUND(404, "not_found"),
  METHOD_NOT_ALLOWED(405, "method_not_allowed"),
  NOT_ACCEPTABLE(406, "not_acceptable"),
  REQUEST_TIMEOUT(408, "request_timeout"),
  PARTS_MISSING(409, "parts_missing"),
  PARTS_REFUSED(409, "parts_refused"),
  REQUEST_EXPIRED(410, "request_expired"),
  CODES_UNDONE(410, "codes_undone"),
  FILE_GONE(410, "file_gone"),
  BODY_TOO_LARGE(413, "body_too_large"),
  FILE_TOO_LARGE(413, "file_too_large"),
  ADDRESS_TOO_LONG(414, "address_too_long"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type"),
  IDEMPOTENCY_KEY_REUSED(422, "idempotency_key_reused"),
  RATE_LIMITED(429, "rate_limited"),
  TOO_MANY_MISSES(429, "too_many_misses"),
  HEADERS_TOO_LARGE(431, "headers_too_large"),
  /** Whatever else the framework refuses; the problem has the framework's status. */
  REFUSED(400, "refused"),
  /** A failure of the edge; the problem has the framework's status if that gave one. */
  INTERNAL_ERROR(500, "internal_error"),
  NOT_IMPLEMENTED(501, "not_implemented"),
  UNAVAILABLE(503, "unavailable"),
  HTTP_VERSION_NOT_SUPPORTED(505, "http_version_not_supported");

  private final int status;
  private final String code;

  ProblemCode(int status, String code) {
    this.status = status;
    this.code = code;
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The stable name for machines, member {@code code} of the answer. */
  public String code() {
    return code;
  }
}
