package dev.couponbook.schema;

import dev.couponbook.program.DatabaseSettings;
import dev.couponbook.program.Environment;
import dev.couponbook.store.tidy.AdmitPrograms;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Which database is brought up to date, as whom, and the passwords of the programs. Passwords come
 * from the environment or from files that it names, and never from an argument, which other users
 * of the machine could read.
 *
 * @param owner the database as the role that owns the schema
 * @param passwords by role; roles without one stay as they are
 */
public record MigrateSettings(DatabaseSettings owner, Map<String, String> passwords) {
  private static final int CONNECT_SECONDS = 10;
  private static final String ROLE_PREFIX = "coupon_";

  /**
   * Reads {@code COUPON_DB_URL}, {@code COUPON_OWNER} and the passwords.
   *
   * @throws Environment.BadSettingException if one is missing or invalid
   */
  public static MigrateSettings from(Environment environment) {
    return from(
        environment,
        DatabaseSettings.url("COUPON_DB_URL", environment.text("COUPON_DB_URL")),
        environment.text("COUPON_OWNER", "coupon_owner"));
  }

  /**
   * Reads the passwords: {@code COUPON_OWNER_PASSWORD}, and {@code COUPON_EDGE_PASSWORD} and so on
   * for the programs.
   *
   * @param url a JDBC address of PostgreSQL
   * @throws Environment.BadSettingException if a password cannot be read, the owner's is missing,
   *     or there is one in the address, which is shown in messages
   */
  public static MigrateSettings from(Environment environment, String url, String owner) {
    var passwords = new LinkedHashMap<String, String>();
    for (var role : AdmitPrograms.ROLES) {
      var password = environment.findPassword(setting(role));
      if (password != null) {
        passwords.put(role, password);
      }
    }
    if (url.contains("password=")) {
      throw new Environment.BadSettingException(
          "The address of the database must have no password in it: set COUPON_OWNER_PASSWORD");
    }
    return new MigrateSettings(
        new DatabaseSettings(url, owner, environment.password("COUPON_OWNER_PASSWORD")), passwords);
  }

  /** The setting that has the password of a role. */
  private static String setting(String role) {
    return "COUPON_" + role.substring(ROLE_PREFIX.length()).toUpperCase(Locale.ROOT) + "_PASSWORD";
  }

  /** What these settings ask for. */
  public MigrateDatabase migration() {
    return new MigrateDatabase(dataSource(), owner.url());
  }

  private DataSource dataSource() {
    var source = new PGSimpleDataSource();
    source.setUrl(owner.url());
    source.setUser(owner.user());
    source.setPassword(owner.password());
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("migrate");
    return source;
  }

  @Override
  public String toString() {
    return owner + ", passwords of " + passwords.keySet();
  }
}
