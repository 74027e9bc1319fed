package dev.couponbook.cli.book;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "change",
    description = {
      "Gives a book another name or other terms, for its partner.",
      "What is not named stays as it is. Users keep what they hold."
    })
final class BookChange implements Callable<Integer> {
  private static final String NONE = "none";

  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The book's id.")
  String id = "";

  @Mixin Reason reason = new Reason();

  @Option(names = "--name", paramLabel = "TEXT", description = "The new name.")
  @Nullable String name;

  @Option(
      names = "--max-codes",
      paramLabel = "N",
      description = "How many codes a user may hold; 0: any number.")
  @Nullable Integer maxCodes;

  @Option(
      names = "--max-redeems",
      paramLabel = "N",
      description = "How often a code may be used; 0: any number of times.")
  @Nullable Integer maxRedeems;

  @Option(
      names = "--starts",
      paramLabel = "TIME",
      description = "From when on codes can be locked, as 2030-01-31T12:00:00Z; none: at once.")
  @Nullable String starts;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "When the codes end, as 2030-01-31T12:00:00Z; none: never.")
  @Nullable String expires;

  @Option(names = "--lock-seconds", paramLabel = "N", description = "How long a lock holds.")
  @Nullable Integer lockSeconds;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Change it only if it has this version.")
  @Nullable Integer ifVersion;

  @Override
  public Integer call() {
    var home = options.home();
    var book = ForPartner.book(id);
    var owner = ForPartner.owner(home, book);
    var answer = ForPartner.post(home, owner.name(), "/coupons/" + book + "/change", body());
    if (options.json) {
      Answer.json(answer);
    } else {
      System.out.printf("The book has version %d.%n", answer.path("version").asInt(0));
    }
    return ExitCode.DONE;
  }

  private Map<String, @Nullable Object> body() {
    var body = new LinkedHashMap<String, @Nullable Object>();
    put(body, "bookName", name);
    put(body, "maxCodesPerUser", maxCodes);
    put(body, "maxRedeemCountPerUser", maxRedeems);
    putDate(body, "startsAt", starts);
    putDate(body, "expiresAt", expires);
    put(body, "lockSeconds", lockSeconds);
    if (body.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "Nothing is to change: give --name, --max-codes, --max-redeems, --starts, --expires or"
              + " --lock-seconds.");
    }
    put(body, "ifVersion", ifVersion);
    body.put("reason", ForPartner.reason(reason));
    return body;
  }

  private static void put(
      Map<String, @Nullable Object> body, String member, @Nullable Object value) {
    if (value != null) {
      body.put(member, value);
    }
  }

  private static void putDate(
      Map<String, @Nullable Object> body, String member, @Nullable String date) {
    if (date != null) {
      body.put(member, date.equals(NONE) ? null : date);
    }
  }
}
