package dev.couponbook.local;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a home should be like, as given at its first start. Later starts may leave out what the home
 * remembers.
 *
 * @param portBase the first of its ports
 * @param endpoint a LocalStack that runs already; null if the home starts one itself
 * @param database a PostgreSQL server that runs already, with its superuser: {@code
 *     postgresql://user:password@host:port}; null if the home starts one itself
 */
public record HomeTerms(
    int portBase, HomeKind kind, @Nullable String endpoint, @Nullable String database) {

  public HomeTerms {
    if (endpoint != null) {
      if (kind != HomeKind.LOCALSTACK) {
        throw new HomeException(
            "--endpoint is the address of a LocalStack: add --home localstack.");
      }
      endpoint = checked(endpoint, "--endpoint", "http://HOST:PORT", "http", "https");
    }
    if (database != null) {
      if (endpoint == null) {
        throw new HomeException("--database goes with --endpoint: a home has both, or neither.");
      }
      var shape = "postgresql://USER:PASSWORD@HOST:PORT";
      database = checked(database, "--database", shape, "postgresql");
      if (!Objects.requireNonNullElse(URI.create(database).getUserInfo(), "").contains(":")) {
        throw new HomeException("--database must be " + shape + ", with user and password.");
      }
    }
  }

  public static HomeTerms embedded(int portBase) {
    return new HomeTerms(portBase, HomeKind.EMBEDDED, null, null);
  }

  private static String checked(String address, String option, String shape, String... schemes) {
    try {
      var uri = URI.create(address);
      for (var scheme : schemes) {
        if (scheme.equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
          return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        }
      }
    } catch (IllegalArgumentException noAddress) {
      // reported below
    }
    throw new HomeException(option + " must be " + shape + ".");
  }
}
