package dev.couponbook.cli.book;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a code void for its partner, or lifts that. */
abstract class CodeOrder implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "CODE", description = "The code, letter by letter.")
  String code = "";

  @Option(
      names = "--partner",
      paramLabel = "NAME",
      required = true,
      description = "The partner whose code it is.")
  String partner = "";

  @Option(
      names = "--book",
      paramLabel = "BOOK",
      description = "The id of the book that the code must be of.")
  @Nullable String book;

  @Mixin Reason reason = new Reason();

  @Command(
      name = "void",
      description = {
        "Makes a code void: it is not assigned any more, or its holder cannot lock it.",
        "A lock is ended, unless --unless-locked is given."
      })
  static final class MakeVoid extends CodeOrder {
    @Option(
        names = "--unless-locked",
        description = "Leave a code alone that is locked for a checkout.")
    boolean unlessLocked;

    @Override
    Map<String, Object> more() {
      return Map.of("force", !unlessLocked);
    }
  }

  @Command(name = "lift", description = "Lifts what made a code void.")
  static final class Lift extends CodeOrder {
    @Override
    Map<String, Object> more() {
      return Map.of("undo", true);
    }
  }

  /** What the call says beside book and reason. */
  abstract Map<String, Object> more();

  @Override
  public Integer call() {
    var body = new LinkedHashMap<String, Object>(more());
    body.put("reason", ForPartner.reason(reason));
    if (book != null) {
      body.put("bookId", book);
    }
    var answer = ForPartner.post(options.home(), partner, "/coupons/void/" + encoded(), body);
    if (options.json) {
      Answer.json(answer);
    } else {
      System.out.printf(
          "The code is %s%s.%n",
          answer.path("state").asString(""),
          answer.path("blocked").asBoolean(false) ? ", made void by an order" : "");
    }
    return ExitCode.DONE;
  }

  private String encoded() {
    return URLEncoder.encode(code, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
