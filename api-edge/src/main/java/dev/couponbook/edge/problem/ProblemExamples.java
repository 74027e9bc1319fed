package dev.couponbook.edge.problem;

/** Refusals as the edge and the worker give them, for the description of the API. */
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
      "{\"type\":\"about:blank\",\"title\":\"Body is not valid JSON at line 1, column 2\",\"status\":400,\"code\":\"malformed_json\",\"error\":\"Body is not valid JSON at line 1, column 2\"}";

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

  public static final String BOOK_NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Book not found\",\"status\":400,\"code\":\"book_not_found\",\"error\":\"Book not found\"}";

  public static final String NO_SUCH_BOOK =
      "{\"type\":\"about:blank\",\"title\":\"Book not found\",\"status\":404,\"code\":\"book_not_found\",\"error\":\"Book not found\"}";

  public static final String CODE_NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Code not found\",\"status\":404,\"code\":\"code_not_found\",\"error\":\"Code not found\"}";

  public static final String NO_COUPON_OF_USER =
      "{\"type\":\"about:blank\",\"title\":\"User has no coupon with that code assigned\",\"status\":404,\"code\":\"coupon_not_found\",\"error\":\"User has no coupon with that code assigned\"}";

  public static final String REDEMPTION_NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Redemption not found\",\"status\":404,\"code\":\"redemption_not_found\",\"error\":\"Redemption not found\"}";

  public static final String UPLOAD_NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Upload not found\",\"status\":404,\"code\":\"upload_not_found\",\"error\":\"Upload not found\"}";

  public static final String ALREADY_REVERSED =
      "{\"type\":\"about:blank\",\"title\":\"Redemption already reversed\",\"status\":409,\"code\":\"already_reversed\",\"error\":\"Redemption already reversed\"}";

  public static final String CODES_ALREADY_EXIST =
      "{\"type\":\"about:blank\",\"title\":\"Codes already exist\",\"status\":409,\"code\":\"codes_already_exist\",\"error\":\"Codes already exist\",\"codes\":[\"SPRING-1\"]}";

  public static final String CANNOT_GENERATE =
      "{\"type\":\"about:blank\",\"title\":\"Failed to generate 11 random new codes\",\"status\":400,\"code\":\"cannot_generate\",\"error\":\"Failed to generate 11 random new codes\",\"keySpace\":1000,\"taken\":990,\"asked\":11}";

  public static final String ALREADY_ASSIGNED =
      "{\"type\":\"about:blank\",\"title\":\"Code already assigned\",\"status\":400,\"code\":\"already_assigned\",\"error\":\"Code already assigned\"}";

  public static final String MAX_CODES_REACHED =
      "{\"type\":\"about:blank\",\"title\":\"User already has maximum number of assigned codes in the book.\",\"status\":400,\"code\":\"max_codes_per_user\",\"error\":\"User already has maximum number of assigned codes in the book.\"}";

  public static final String NO_CODES_LEFT =
      "{\"type\":\"about:blank\",\"title\":\"No available codes left in the book.\",\"status\":400,\"code\":\"no_codes_left\",\"error\":\"No available codes left in the book.\"}";

  public static final String MAX_REDEEMS_REACHED =
      "{\"type\":\"about:blank\",\"title\":\"Coupon has reached its maximum redeem count per user\",\"status\":400,\"code\":\"max_redeems_per_user\",\"error\":\"Coupon has reached its maximum redeem count per user\"}";

  public static final String CANNOT_LOCK =
      "{\"type\":\"about:blank\",\"title\":\"Cannot lock coupon\",\"status\":400,\"code\":\"cannot_lock\",\"error\":\"Cannot lock coupon\"}";

  public static final String MAX_LOCKS_REACHED =
      "{\"type\":\"about:blank\",\"title\":\"User already has maximum number of locked coupons.\",\"status\":400,\"code\":\"max_locks_per_user\",\"error\":\"User already has maximum number of locked coupons.\"}";

  public static final String NOT_LOCKED =
      "{\"type\":\"about:blank\",\"title\":\"Coupon is not locked\",\"status\":400,\"code\":\"not_locked\",\"error\":\"Coupon is not locked\"}";

  public static final String PARTS_MISSING =
      "{\"type\":\"about:blank\",\"title\":\"No part of the file has come\",\"status\":409,\"code\":\"parts_missing\",\"error\":\"No part of the file has come\"}";

  public static final String UPLOAD_FINISHED =
      "{\"type\":\"about:blank\",\"title\":\"Upload is already finished\",\"status\":409,\"code\":\"upload_finished\",\"error\":\"Upload is already finished\"}";

  public static final String UPLOAD_NOT_FINISHED =
      "{\"type\":\"about:blank\",\"title\":\"Upload is not finished yet\",\"status\":409,\"code\":\"upload_not_finished\",\"error\":\"Upload is not finished yet\"}";

  public static final String INTERNAL_ERROR =
      "{\"type\":\"about:blank\",\"title\":\"The request could not be handled and was set aside for the operators\",\"status\":500,\"code\":\"internal_error\",\"error\":\"The request could not be handled and was set aside for the operators\"}";

  private ProblemExamples() {}
}
