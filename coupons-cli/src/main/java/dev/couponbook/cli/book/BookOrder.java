package dev.couponbook.cli.book;

import dev.couponbook.cli.home.HomeOptions;
import dev.couponbook.cli.terminal.Answer;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.cli.terminal.Reason;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Pauses, resumes or closes a book for its partner. */
abstract class BookOrder implements Callable<Integer> {
  @Mixin HomeOptions options = new HomeOptions();

  @Parameters(paramLabel = "ID", description = "The book's id.")
  String id = "";

  @Mixin Reason reason = new Reason();

  private final String act;

  private BookOrder(String act) {
    this.act = act;
  }

  @Command(
      name = "pause",
      description = {
        "Assigns and locks nothing of the book until it is resumed.",
        "What is locked can be redeemed."
      })
  static final class Pause extends BookOrder {
    Pause() {
      super("pause");
    }
  }

  @Command(name = "resume", description = "Ends the pause of a book.")
  static final class Resume extends BookOrder {
    Resume() {
      super("resume");
    }
  }

  @Command(
      name = "close",
      description = {
        "Ends a book for good: no code is assigned, locked or added any more.",
        "What is locked can be redeemed. There is no way back."
      })
  static final class Close extends BookOrder {
    Close() {
      super("close");
    }
  }

  @Override
  public Integer call() {
    var why = ForPartner.reason(reason);
    var home = options.home();
    var book = ForPartner.book(id);
    var owner = ForPartner.owner(home, book);
    var answer =
        ForPartner.post(home, owner.name(), "/coupons/" + book + "/" + act, Map.of("reason", why));
    if (options.json) {
      Answer.json(answer);
    } else {
      System.out.printf(
          "The book is %s, version %d.%n",
          answer.path("state").asString(""), answer.path("version").asInt(0));
    }
    return ExitCode.DONE;
  }
}
