package dev.couponbook.cli;

import dev.couponbook.json.Json;

/** Writes an answer for scripts: one line of JSON on stdout. */
final class Answer {
  private Answer() {}

  static void json(Object answer) {
    System.out.println(Json.mapper().writeValueAsString(answer));
    System.out.flush();
  }
}
