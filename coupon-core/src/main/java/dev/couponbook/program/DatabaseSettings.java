package dev.couponbook.program;

/** The database, and the role that the program connects as. */
public record DatabaseSettings(String url, String user, String password) {
  private static final String PREFIX = "jdbc:postgresql:";

  /**
   * @param role the role to connect as unless {@code COUPON_DB_USER} names another
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
