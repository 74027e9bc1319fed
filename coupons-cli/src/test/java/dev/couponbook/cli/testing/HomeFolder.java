package dev.couponbook.cli.testing;

import dev.couponbook.json.Json;
import dev.couponbook.local.HomeDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The directory of a home that was started once, and of which nothing runs. */
public final class HomeFolder {
  private final HomeDirectory directory;
  private final Map<String, Object> homeFile = new LinkedHashMap<>();

  /**
   * @param data empty
   */
  public HomeFolder(Path data) {
    directory = new HomeDirectory(data);
    directory.create();
    with("portBase", 18990);
    with("kind", "localstack");
    with("endpoint", "http://127.0.0.1:9"); // nobody listens there
    with("region", "eu-central-1");
    with("accessKeyId", "test");
    with("secretAccessKey", "secret");
    with("requestIdKey", "key");
    with("passwords", Map.of("postgres", "root", "coupon_ops", "test"));
  }

  /** Writes {@code home.json} with one more member, or with another value of one. */
  public HomeFolder with(String member, Object value) {
    homeFile.put(member, value);
    try {
      Files.writeString(directory.homeFile(), Json.mapper().writeValueAsString(homeFile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The key with which the home signs tokens. */
  public HomeFolder withIssuer() {
    try {
      Files.write(directory.issuer().resolve("key"), Key.ENCODED);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One for all tests: a key takes longer to make than a test. */
  private static final class Key {
    private static final byte[] ENCODED = make();

    private static byte[] make() {
      try {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Base64.getMimeEncoder()
            .encode(generator.generateKeyPair().getPrivate().getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public HomeDirectory directory() {
    return directory;
  }

  /** Runs a command on this home. */
  public Ran run(String... words) {
    return Ran.command(
        Stream.concat(Stream.of(words), Stream.of("--data", directory.root().toString()))
            .toArray(String[]::new));
  }
}
