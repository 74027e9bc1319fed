package dev.couponbook.ingest.generate;

import dev.couponbook.command.AddCodes;
import dev.couponbook.command.AddCodes.Generated;
import dev.couponbook.command.CommandCodec;
import dev.couponbook.command.CommandMessage;
import dev.couponbook.json.Json;
import dev.couponbook.pattern.CodeGenerator;
import dev.couponbook.pattern.CodePattern;
import dev.couponbook.pattern.GeneratorKey;
import dev.couponbook.store.load.CodeLoad;
import java.util.Objects;

/**
 * What a load generates: the command that asked for it, and the key that makes its codes. Both are
 * in the load's row, so every process makes the same codes from the same counters.
 *
 * @param message the command's own message, as text
 */
public record Generation(String message, GeneratorKey key) {
  /** The part of the codes that the partner named; it is done from the start. */
  public static final int MANUAL = -1;

  /** The part that makes up for codes that were taken; its range is after all others. */
  public static final int TOP_UP = 1_000_000;

  static Generation of(CommandMessage message) {
    return new Generation(CommandCodec.encode(message), GeneratorKey.mint());
  }

  public static Generation of(CodeLoad load) {
    return Json.mapper().readValue(Objects.requireNonNull(load.generator()), Generation.class);
  }

  String toJson() {
    return Json.mapper().writeValueAsString(this);
  }

  public CommandMessage command() {
    return CommandCodec.decode(message);
  }

  AddCodes addCodes() {
    return (AddCodes) command().command();
  }

  Generated generated() {
    return Objects.requireNonNull(
        addCodes().generated(), "a request of manual codes only needs no job");
  }

  CodePattern pattern() {
    return pattern(generated());
  }

  static CodePattern pattern(Generated asked) {
    return CodePattern.of(asked.pattern(), asked.prefix(), asked.codeLength(), asked.alphabet());
  }

  CodeGenerator generator() {
    return new CodeGenerator(pattern(), generated().amount(), key);
  }
}
