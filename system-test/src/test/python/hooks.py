"""What Schemathesis has to be told of this API, and the one check that is ours.

Formats that the description names, with values that they allow; the exceptions to "what the
description admits is never refused as malformed", each with its reason; and counts, for the log.
"""

import collections
import datetime
import uuid

import schemathesis
from hypothesis import strategies as st

# ---------------------------------------------------------------------------------------- Formats

# Ends must lie in the future, and the years up to 9999 must still have room for a zone.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime.datetime(2031, 1, 1), datetime.datetime(9999, 12, 30)).map(
        lambda time: time.isoformat() + "Z"
    ),
)
schemathesis.openapi.format("alphabet", st.sampled_from(["digits", "letters", "AB", "!~"]))
schemathesis.openapi.format(
    "code-pattern",
    st.lists(st.sampled_from(["#", "{9}", "{A:4}", "{*}", "X", "-", "\\{"]), max_size=12).map(
        lambda places: "".join(places) + "{#:8}"
    ),
)
schemathesis.openapi.format(
    "time-zone", st.sampled_from(["Europe/Berlin", "UTC", "+01:00", "America/New_York"])
)
schemathesis.openapi.format(
    "date-pattern", st.sampled_from(["dd.MM.yyyy", "yyyy-MM-dd HH:mm", "MM/dd/yyyy", "d.M.uuuu"])
)

# ------------------------------------------------------------------------------------------- Keys


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Each act has a key of its own; otherwise all commands after the first would be 422."""
    headers = case.headers or {}
    generation = getattr(case.meta, "generation", None)
    if generation is not None and generation.mode.is_positive and "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid.uuid4())


# ----------------------------------------------------------------------------------------- Checks

# The codes of whoever sends what the description forbids.
MALFORMED = {
    "bad_request",
    "invalid_idempotency_key",
    "invalid_value",
    "malformed_json",
    "missing",
    "unknown_member",
    "unknown_parameter",
}

# What no schema can say, by what the refusal's sentence tells: members that depend on each other.
EXCEPTIONS = {
    "must lie in the future": "a time that was yet to come when the tool saw it in an answer",
    "alphabet has a character twice": "characters that must differ",
    "expiresAt must be after startsAt": "two times, and which is the later one",
    "codeLength must be 1 or more, and with the prefix": "two lengths, and their sum",
    "expirationColumn must be another column than codeColumn": "two members that must differ",
    "timeZone must come with a dateFormat": "a format with or without a zone of its own",
    "email is required beside cursor": "a parameter that goes with another one",
    "fileName is too long": "bytes when percent-encoded, not characters",
    "layout is too long": "bytes of all names together",
    "metadata must have 8 KiB at most": "bytes of a whole object",
}

excepted = collections.Counter()


@schemathesis.check
class AdmittedIsNeverMalformed:
    """What the description admits may be refused for its state, and never for its form."""

    def after_response(self, ctx, response, case):
        generation = getattr(case.meta, "generation", None)
        if response.status_code != 400 or generation is None or not generation.mode.is_positive:
            return
        problem = response.json()
        if problem.get("code") not in MALFORMED:
            return
        for sentence in EXCEPTIONS:
            if sentence in problem["error"]:
                excepted[sentence] += 1
                return
        raise AssertionError(f"admitted, and refused as malformed: {problem}")

    def after_run(self, ctx):
        for sentence, reason in EXCEPTIONS.items():
            print(f"exception: {sentence!r} ({reason}), met {excepted[sentence]} times")
