package dev.couponbook.edge.problem;

/** Refusals as the edge gives them, for the description of the API. */
public final class ProblemExamples {
  public static final String UNAUTHORIZED =
      "{\"type\":\"about:blank\",\"title\":\"A bearer token is required\",\"status\":401,\"code\":\"unauthorized\",\"error\":\"A bearer token is required\"}";

  public static final String INSUFFICIENT_SCOPE =
      "{\"type\":\"about:blank\",\"title\":\"The token needs the scope coupons:write\",\"status\":403,\"code\":\"insufficient_scope\",\"error\":\"The token needs the scope coupons:write\"}";

  public static final String RATE_LIMITED =
      "{\"type\":\"about:blank\",\"title\":\"Too many requests of this partner\",\"status\":429,\"code\":\"rate_limited\",\"error\":\"Too many requests of this partner\"}";

  public static final String UNAVAILABLE =
      "{\"type\":\"about:blank\",\"title\":\"The command queue does not answer\",\"status\":503,\"code\":\"unavailable\",\"error\":\"The command queue does not answer\"}";

  public static final String MISSING =
      "{\"type\":\"about:blank\",\"title\":\"email is required\",\"status\":400,\"code\":\"missing\",\"error\":\"email is required\",\"field\":\"email\"}";

  public static final String INVALID_VALUE =
      "{\"type\":\"about:blank\",\"title\":\"limit must be between 1 and 200\",\"status\":400,\"code\":\"invalid_value\",\"error\":\"limit must be between 1 and 200\",\"field\":\"limit\"}";

  public static final String MALFORMED_JSON =
      "{\"type\":\"about:blank\",\"title\":\"the JSON ends too early at line 1, column 2\",\"status\":400,\"code\":\"malformed_json\",\"error\":\"the JSON ends too early at line 1, column 2\"}";

  public static final String NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"code\":\"not_found\",\"error\":\"Not Found\"}";

  public static final String METHOD_NOT_ALLOWED =
      "{\"type\":\"about:blank\",\"title\":\"This path does not answer to that method\",\"status\":405,\"code\":\"method_not_allowed\",\"error\":\"This path does not answer to that method\"}";

  public static final String NOT_ACCEPTABLE =
      "{\"type\":\"about:blank\",\"title\":\"Answers are JSON\",\"status\":406,\"code\":\"not_acceptable\",\"error\":\"Answers are JSON\"}";

  public static final String ADDRESS_TOO_LONG =
      "{\"type\":\"about:blank\",\"title\":\"The address is too long\",\"status\":414,\"code\":\"address_too_long\",\"error\":\"The address is too long\"}";

  public static final String HEADERS_TOO_LARGE =
      "{\"type\":\"about:blank\",\"title\":\"All headers may have 16 KiB at most\",\"status\":431,\"code\":\"headers_too_large\",\"error\":\"All headers may have 16 KiB at most\"}";

  public static final String BODY_TOO_LARGE =
      "{\"type\":\"about:blank\",\"title\":\"A body may have 256 KiB at most\",\"status\":413,\"code\":\"body_too_large\",\"error\":\"A body may have 256 KiB at most\"}";

  public static final String UNSUPPORTED_MEDIA_TYPE =
      "{\"type\":\"about:blank\",\"title\":\"A body must be application/json\",\"status\":415,\"code\":\"unsupported_media_type\",\"error\":\"A body must be application/json\"}";

  public static final String IDEMPOTENCY_KEY_REUSED =
      "{\"type\":\"about:blank\",\"title\":\"This Idempotency-Key was used for another request\",\"status\":422,\"code\":\"idempotency_key_reused\",\"error\":\"This Idempotency-Key was used for another request\",\"field\":\"Idempotency-Key\"}";

  private ProblemExamples() {}
}
