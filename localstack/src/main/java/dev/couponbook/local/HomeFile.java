package dev.couponbook.local;

import dev.couponbook.json.Json;
import dev.couponbook.store.tidy.AdmitPrograms;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a home must remember: the addresses of its parts, and its secrets. They are made at the
 * first start and kept in {@code home.json}, which only its owner may read.
 *
 * @param endpoint the LocalStack, if somebody else started it
 * @param database the database server with its superuser, if somebody else started it
 * @param requestIdKey the edge's key for request ids, base64
 * @param passwords by database role
 */
public record HomeFile(
    int portBase,
    HomeKind kind,
    @Nullable String endpoint,
    @Nullable String database,
    String region,
    String accessKeyId,
    String secretAccessKey,
    String requestIdKey,
    Map<String, String> passwords) {

  public HomeFile {
    // Older files do not say.
    kind = Objects.requireNonNullElse(kind, HomeKind.EMBEDDED);
  }

  static final String SUPERUSER = "postgres";
  static final String OWNER = "coupon_owner";

  /** The roles of the programs, as the schema names them. */
  public static final List<String> PROGRAM_ROLES = AdmitPrograms.ROLES;

  public static Optional<HomeFile> read(HomeDirectory home) {
    if (!Files.exists(home.homeFile())) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Json.mapper().readValue(Files.readString(home.homeFile()), HomeFile.class));
    } catch (IOException | JacksonException e) {
      throw new HomeException(
          home.homeFile() + " cannot be read: restore it, or start anew with ./coupons reset.", e);
    }
  }

  /** Opens the home's file on these terms, and makes one if there is none yet. */
  static HomeFile open(HomeDirectory home, HomeTerms terms, Resources resources) {
    var known = read(home);
    if (known.isEmpty() && Files.exists(home.postgres())) {
      throw new HomeException(
          home.homeFile()
              + " is gone, and with it the passwords of the database beside it: restore the file,"
              + " or start anew with ./coupons reset.");
    }
    var file =
        known.map(f -> f.on(home, terms)).orElseGet(() -> generate(terms, resources.region()));
    if (!known.equals(Optional.of(file))) {
      file.write(home);
    }
    return file;
  }

  private static HomeFile generate(HomeTerms terms, String region) {
    var random = new SecureRandom();
    var passwords = new LinkedHashMap<String, String>();
    passwords.put(SUPERUSER, hex(random, 24));
    passwords.put(OWNER, hex(random, 24));
    // If programs were given their password beforehand, as in a compose file, the home uses it
    // too.
    var given = System.getenv("COUPON_HOME_PASSWORD");
    for (var role : PROGRAM_ROLES) {
      passwords.put(role, given == null ? hex(random, 24) : given);
    }
    boolean own = terms.kind() == HomeKind.EMBEDDED;
    return new HomeFile(
        terms.portBase(),
        terms.kind(),
        terms.endpoint(),
        terms.database(),
        region,
        // LocalStack knows one secret only.
        own ? "COUPON" + hex(random, 7).toUpperCase(Locale.ROOT) : "test",
        own ? hex(random, 20) : "test",
        Base64.getEncoder().encodeToString(bytes(random, 32)),
        passwords);
  }

  // The contents of database and queues belong together, so a home does not change its kind.
  private HomeFile on(HomeDirectory home, HomeTerms terms) {
    if (terms.kind() != kind) {
      throw new HomeException(
          "The home in "
              + home.root()
              + " is of the kind "
              + kind
              + ", not "
              + terms.kind()
              + ": give another directory with --data DIR, or delete it with ./coupons reset.");
    }
    return new HomeFile(
        terms.portBase(),
        kind,
        terms.endpoint() == null ? endpoint : terms.endpoint(),
        terms.database() == null ? database : terms.database(),
        region,
        accessKeyId,
        secretAccessKey,
        requestIdKey,
        passwords);
  }

  private void write(HomeDirectory home) {
    try {
      SecretFile.write(
          home.homeFile(),
          Json.mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(this)
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HomeException(home.homeFile() + " cannot be written (" + e + ").", e);
    }
  }

  /** The terms on which it would start again as it is. */
  public HomeTerms terms() {
    return new HomeTerms(portBase, kind, endpoint, database);
  }

  public Ports ports() {
    return new Ports(portBase);
  }

  public String sqsUrl() {
    return endpoint == null ? ports().sqsUrl() : endpoint;
  }

  public String s3Url() {
    if (kind == HomeKind.LOCALSTACK) {
      // LocalStack has one address for all its services.
      return sqsUrl();
    }
    return ports().s3Url();
  }

  /** The JDBC address of the programs' database. */
  public String databaseUrl() {
    var server = databaseServer();
    return "jdbc:postgresql://%s:%d/couponbook".formatted(server.getHost(), server.getPort());
  }

  /** The server with its superuser: {@code postgresql://user:password@host:port}. */
  URI databaseServer() {
    return URI.create(
        database == null
            ? "postgresql://%s:%s@127.0.0.1:%d"
                .formatted(SUPERUSER, password(SUPERUSER), ports().postgres())
            : database);
  }

  public String password(String role) {
    var password = passwords.get(role);
    if (password == null) {
      throw new HomeException("home.json has no password for the database role " + role + ".");
    }
    return password;
  }

  private static String hex(SecureRandom random, int length) {
    return HexFormat.of().formatHex(bytes(random, length));
  }

  private static byte[] bytes(SecureRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
