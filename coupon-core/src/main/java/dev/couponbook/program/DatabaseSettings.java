package dev.couponbook.program;

/** The database, and the role that the program connects as. */
public record DatabaseSettings(String url, String user, String password) {
  private static final String PREFIX = "jdbc:postgresql:";

  /**
   * @param role the role to connect as unless {@code COUPON_DB_USER} names another
   */
  public static DatabaseSettings from(Environment environment, String role) {
    return new DatabaseSettings(
        url("COUPON_DB_URL", environment.text("COUPON_DB_URL")),
        environment.text("COUPON_DB_USER", role),
        environment.text("COUPON_DB_PASSWORD"));
  }

  /**
   * An address that can be one of PostgreSQL.
   *
   * @param setting where it was given
   * @throws Environment.BadSettingException if it cannot be
   */
  public static String url(String setting, String url) {
    if (!url.startsWith(PREFIX)) {
      throw new Environment.BadSettingException(
          setting + " must begin with " + PREFIX + "//host:port/database");
    }
    return url;
  }

  @Override
  public String toString() {
    return "database " + url + " as " + user;
  }
}
