package dev.couponbook.command;

import dev.couponbook.coupon.Cause;
import dev.couponbook.coupon.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;

/** What became of a command: an HTTP status and a body, as the partner will read them. */
public sealed interface Outcome {

  int status();

  /** The members of the answer's body, in their order. */
  Map<String, Object> body();

  /** The command was done; the answer is the contract's. */
  record Done(int status, Map<String, Object> body) implements Outcome {
    public static Done ok(Map<String, Object> body) {
      return new Done(200, body);
    }

    public static Done created(Map<String, Object> body) {
      return new Done(201, body);
    }
  }

  /**
   * The command was refused, for a reason that is part of the contract.
   *
   * @param status the refusal's own, unless what is absent is named by the path
   * @param sentence the refusal's own, unless it carries a number
   * @param details further members of the problem, such as the codes that exist already
   */
  record Refused(
      Refusal refusal, int status, String sentence, Cause cause, Map<String, Object> details)
      implements Outcome {
    private static final int NOT_FOUND = 404;

    /** With the refusal's own status. */
    public Refused(Refusal refusal, String sentence, Cause cause, Map<String, Object> details) {
      this(refusal, refusal.status(), sentence, cause, details);
    }

    /** For the refusal's usual cause. */
    public static Refused because(Refusal refusal) {
      return because(refusal, refusal.causes().getFirst(), Map.of());
    }

    /** For one of the refusal's causes. */
    public static Refused because(Refusal refusal, Cause cause) {
      return because(refusal, cause, Map.of());
    }

    public static Refused because(Refusal refusal, Cause cause, Map<String, Object> details) {
      return new Refused(refusal, refusal.sentence(), cause, details);
    }

    /** For a thing that is named by the path of its call, where absence is 404. */
    public static Refused absent(Refusal refusal) {
      return new Refused(
          refusal, NOT_FOUND, refusal.sentence(), refusal.causes().getFirst(), Map.of());
    }

    public Refused {
      if (!refusal.causes().contains(cause)) {
        throw new IllegalArgumentException(cause + " is no cause of " + refusal);
      }
    }

    @Override
    public Map<String, Object> body() {
      var problem = new LinkedHashMap<String, Object>();
      problem.put("type", "about:blank");
      problem.put("title", sentence);
      problem.put("status", status);
      problem.put("code", refusal.code());
      problem.put("error", sentence);
      problem.put("cause", cause.word());
      problem.put("detail", cause.detail());
      problem.putAll(details);
      return problem;
    }
  }
}
