package dev.couponbook.cli;

import dev.couponbook.command.CommandCodec;

/** Writes an answer for scripts: one line of JSON on stdout. */
final class Answer {
  private Answer() {}

  static void json(Object answer) {
    System.out.println(CommandCodec.json().writeValueAsString(answer));
    System.out.flush();
  }
}
