package dev.couponbook.local;

import dev.couponbook.command.CommandCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What a home must remember: its port base and its secrets, made at the first start and kept in
 * {@code home.json}, which only its owner may read.
 *
 * @param requestIdKey the edge's key for request ids, base64
 * @param passwords by database role
 */
public record HomeFile(
    int portBase,
    String region,
    String accessKeyId,
    String secretAccessKey,
    String requestIdKey,
    Map<String, String> passwords) {

  static final String SUPERUSER = "postgres";
  static final String OWNER = "coupon_owner";

  /** The roles of the programs, as the schema names them. */
  public static final List<String> PROGRAM_ROLES =
      List.of("coupon_edge", "coupon_worker", "coupon_ingest", "coupon_sweep", "coupon_ops");

  public static Optional<HomeFile> read(HomeDirectory home) {
    if (!Files.exists(home.homeFile())) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          CommandCodec.json().readValue(Files.readString(home.homeFile()), HomeFile.class));
    } catch (IOException | JacksonException e) {
      throw new HomeException(
          home.homeFile() + " cannot be read: restore it, or start anew with ./coupons reset.", e);
    }
  }

  /** The home's file at this port base, made if there is none yet. */
  static HomeFile open(HomeDirectory home, int portBase) {
    var known = read(home);
    if (known.isEmpty() && Files.exists(home.postgres())) {
      throw new HomeException(
          home.homeFile()
              + " is gone, and with it the passwords of the database beside it: restore the file,"
              + " or start anew with ./coupons reset.");
    }
    var file = known.map(f -> f.at(portBase)).orElseGet(() -> generate(portBase));
    if (!known.equals(Optional.of(file))) {
      file.write(home);
    }
    return file;
  }

  private static HomeFile generate(int portBase) {
    var random = new SecureRandom();
    var passwords = new LinkedHashMap<String, String>();
    passwords.put(SUPERUSER, hex(random, 24));
    passwords.put(OWNER, hex(random, 24));
    for (var role : PROGRAM_ROLES) {
      passwords.put(role, hex(random, 24));
    }
    return new HomeFile(
        portBase,
        "eu-central-1",
        "COUPON" + hex(random, 7).toUpperCase(Locale.ROOT),
        hex(random, 20),
        Base64.getEncoder().encodeToString(bytes(random, 32)),
        passwords);
  }

  private HomeFile at(int newBase) {
    return new HomeFile(newBase, region, accessKeyId, secretAccessKey, requestIdKey, passwords);
  }

  private void write(HomeDirectory home) {
    try {
      SecretFile.write(
          home.homeFile(),
          CommandCodec.json()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(this)
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HomeException(home.homeFile() + " cannot be written (" + e + ").", e);
    }
  }

  public Ports ports() {
    return new Ports(portBase);
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
