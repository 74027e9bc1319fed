package dev.couponbook.cli.terminal;

import dev.couponbook.json.Json;

/** Writes an answer for scripts: one line of JSON on stdout. */
public final class Answer {
  private Answer() {}

  public static void json(Object answer) {
    System.out.println(Json.mapper().writeValueAsString(answer));
    System.out.flush();
  }
}
