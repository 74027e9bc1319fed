package dev.couponbook.program;

/** The database, and the role as which the program works there. */
public record DatabaseSettings(String url, String user, String password) {
  private static final String PREFIX = "jdbc:postgresql:";

  /**
   * @param role whom to connect as where {@code COUPON_DB_USER} does not say otherwise
   */
  public static DatabaseSettings from(Environment environment, String role) {
    var url = environment.text("COUPON_DB_URL");
    if (!url.startsWith(PREFIX)) {
      throw new Environment.BadSettingException(
          "COUPON_DB_URL must begin with " + PREFIX + "//host:port/database");
    }
    return new DatabaseSettings(
        url, environment.text("COUPON_DB_USER", role), environment.text("COUPON_DB_PASSWORD"));
  }

  @Override
  public String toString() {
    return "database " + url + " as " + user;
  }
}
