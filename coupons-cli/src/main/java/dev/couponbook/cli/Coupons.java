package dev.couponbook.cli;

import dev.couponbook.cli.book.Books;
import dev.couponbook.cli.book.Codes;
import dev.couponbook.cli.demo.Demo;
import dev.couponbook.cli.home.Down;
import dev.couponbook.cli.home.Logs;
import dev.couponbook.cli.home.Partner;
import dev.couponbook.cli.home.Reset;
import dev.couponbook.cli.home.Restart;
import dev.couponbook.cli.home.Status;
import dev.couponbook.cli.home.Token;
import dev.couponbook.cli.home.Up;
import dev.couponbook.cli.load.Jobs;
import dev.couponbook.cli.load.Upload;
import dev.couponbook.cli.queue.Queues;
import dev.couponbook.cli.schema.Migrate;
import dev.couponbook.cli.terminal.CommandFailure;
import dev.couponbook.cli.terminal.ExitCode;
import dev.couponbook.local.HomeException;
import dev.couponbook.program.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** {@code ./coupons}: the table of contents of the launcher. */
@Command(
    name = "coupons",
    description = "Starts Couponbook on this machine and works with it.",
    mixinStandardHelpOptions = true,
    version = "couponbook 0.1.0-SNAPSHOT",
    subcommands = {
      Up.class,
      Down.class,
      Restart.class,
      Status.class,
      Logs.class,
      Token.class,
      Partner.class,
      Upload.class,
      Jobs.class,
      Books.class,
      Codes.class,
      Queues.class,
      Migrate.class,
      Demo.class,
      Reset.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0 done, 1 failed, 2 usage, 3 done with rejects, 4 stopped, 5 refused,",
      "  6 unreachable, 124 wait timed out, 130 detached by Ctrl-C"
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Coupons {
  private static final String TRACE = "COUPONS_TRACE";

  public static void main(String[] arguments) {
    run(commandLine(), arguments);
  }

  /** Runs one command and ends this JVM with its exit code. */
  public static void run(CommandLine commands, String... arguments) {
    Locale.setDefault(Locale.ROOT); // the same figures on every machine
    System.exit(commands.execute(arguments));
  }

  /**
   * The launcher's commands.
   *
   * @param more commands from other modules, named by their annotations
   */
  public static CommandLine commandLine(Object... more) {
    var commands = new CommandLine(new Coupons());
    for (var command : more) {
      commands.addSubcommand(command);
    }
    return commands
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Coupons::explain);
  }

  // One sentence for what people can fix. Whatever nobody foresaw is a bug of ours: its place in
  // the code is for those who mend it.
  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    return switch (e) {
      case CommandFailure failure -> say(failure.getMessage(), failure.exitCode());
      case HomeException home -> say(home.getMessage(), ExitCode.FAILED);
      case Environment.BadSettingException setting ->
          say(setting.getMessage() + ".", ExitCode.USAGE);
      case CompletionException wrapped when wrapped.getCause() instanceof Exception cause ->
          explain(cause, command, parsed);
      case UncheckedIOException wrapped when wrapped.getCause() instanceof IOException cause ->
          explain(cause, command, parsed);
      case ConnectException _ ->
          say(
              "A server of the home does not answer: is the home up? ./coupons status",
              ExitCode.UNREACHABLE);
      case FileSystemException file -> say(sentence(file), ExitCode.FAILED);
      default -> {
        if (System.getenv(TRACE) != null) {
          e.printStackTrace();
        }
        yield say(
            "./coupons failed for a reason that it does not know ("
                + e
                + "): please report this, with what "
                + TRACE
                + "=1 prints.",
            ExitCode.FAILED);
      }
    };
  }

  private static String sentence(FileSystemException e) {
    return switch (e) {
      case AccessDeniedException _ -> e.getFile() + " cannot be opened: permission denied.";
      case NoSuchFileException _ -> e.getFile() + " does not exist.";
      default -> e.getFile() + " cannot be read or written: " + e.getReason() + ".";
    };
  }

  private static int say(@Nullable String sentence, int exitCode) {
    System.err.println(sentence);
    return exitCode;
  }
}
