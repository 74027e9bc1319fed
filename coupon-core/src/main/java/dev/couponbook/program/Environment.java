package dev.couponbook.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables that this program was started with, read once and checked. */
public final class Environment {
  /** The exit status of a program that was started with a bad setting. */
  public static final int BAD_SETTING = 2;

  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** A setting that is missing or invalid; the message is a sentence that names it. */
  public static final class BadSettingException extends RuntimeException {
    public BadSettingException(String message) {
      super(message);
    }
  }

  /** The value without surrounding blanks; null if it is not set or blank. */
  public @Nullable String find(String name) {
    var value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /**
   * A value that must be set.
   *
   * @throws BadSettingException if it is not
   */
  public String text(String name) {
    var value = find(name);
    if (value == null) {
      throw new BadSettingException(name + " is not set");
    }
    return value;
  }

  /** A value, or {@code otherwise} if it is not set. */
  public String text(String name, String otherwise) {
    var value = find(name);
    return value == null ? otherwise : value;
  }

  /**
   * A number that must be set.
   *
   * @throws BadSettingException if it is not set, or not a number from {@code from} to {@code to}
   */
  public int number(String name, int from, int to) {
    var text = text(name);
    try {
      int number = Integer.parseInt(text);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // reported below
    }
    throw new BadSettingException(
        "%s must be a number from %d to %d, not %s".formatted(name, from, to, text));
  }

  /**
   * A number, or {@code otherwise} if it is not set.
   *
   * @throws BadSettingException if it is set, but not to a number from {@code from} to {@code to}
   */
  public int number(String name, int from, int to, int otherwise) {
    return find(name) == null ? otherwise : number(name, from, to);
  }

  /**
   * A length of time: a number of days, or a duration of ISO 8601 such as {@code PT36H}. If it is
   * not set, {@code otherwise} days.
   *
   * @throws BadSettingException if it is set, but not to a length from {@code shortest} to {@code
   *     mostDays} days
   */
  public Duration days(String name, Duration shortest, int mostDays, int otherwise) {
    var text = text(name, Integer.toString(otherwise));
    var longest = Duration.ofDays(mostDays);
    try {
      var length =
          text.startsWith("P") ? Duration.parse(text) : Duration.ofDays(Integer.parseInt(text));
      if (length.compareTo(shortest) >= 0 && length.compareTo(longest) <= 0) {
        return length;
      }
    } catch (DateTimeParseException | NumberFormatException notALength) {
      // reported below
    }
    throw new BadSettingException(
        "%s must be a number of days from 1 to %d, or a duration from %s such as P30D or PT36H, not %s"
            .formatted(name, mostDays, shortest, text));
  }

  /**
   * A switch, or {@code otherwise} if it is not set.
   *
   * @throws BadSettingException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name, boolean otherwise) {
    var text = text(name, Boolean.toString(otherwise));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadSettingException(name + " must be true or false, not " + text);
    };
  }

  /**
   * An address that must be set.
   *
   * @throws BadSettingException if it is not set, or not an http or https address
   */
  public URI httpAddress(String name) {
    var text = text(name);
    try {
      var address = new URI(text);
      if (address.getHost() != null
          && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
        return address;
      }
    } catch (URISyntaxException notAnAddress) {
      // reported below
    }
    throw new BadSettingException(name + " must be an http or https address, not " + text);
  }

  /**
   * A secret that must be set, in base64; messages do not repeat it.
   *
   * @param length in bytes
   * @throws BadSettingException if it is not set, not base64, or of another length
   */
  public byte[] secret(String name, int length) {
    try {
      var bytes = Base64.getDecoder().decode(text(name));
      if (bytes.length == length) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // reported below
    }
    throw new BadSettingException(name + " must be " + length + " bytes in base64");
  }

  /**
   * A password: the value, or the first line of the file that {@code NAME_FILE} names, as
   * containers are given secrets; null if neither is set. Messages do not repeat it.
   *
   * @throws BadSettingException if both are set, or the file cannot be read or is empty
   */
  public @Nullable String findPassword(String name) {
    var file = path(name + "_FILE");
    if (file == null) {
      return find(name);
    }
    if (find(name) != null) {
      throw new BadSettingException(name + " and " + name + "_FILE are both set: set one of them");
    }
    try (var lines = Files.lines(file)) {
      return lines
          .findFirst()
          .filter(line -> !line.isBlank())
          .orElseThrow(() -> new BadSettingException(name + "_FILE names a file that is empty"));
    } catch (IOException | UncheckedIOException e) {
      throw new BadSettingException(name + "_FILE names a file that cannot be read: " + file);
    }
  }

  /**
   * As {@link #findPassword}, for one that must be set.
   *
   * @throws BadSettingException also if neither is set
   */
  public String password(String name) {
    var password = findPassword(name);
    if (password == null) {
      throw new BadSettingException(name + " is not set");
    }
    return password;
  }

  /**
   * A path; null if it is not set.
   *
   * @throws BadSettingException if it cannot be a path on this machine
   */
  public @Nullable Path path(String name) {
    var text = find(name);
    if (text == null) {
      return null;
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadSettingException(name + " must be the path of a file, not " + text);
    }
  }
}
