"""Plays the client that was generated from the description against a running edge.

Reads from the environment: EDGE, TOKEN, ENDED_TOKEN (one that has expired) and, where there is one,
LIMITED_EDGE (an edge of the same home with a rate of one call a second). Prints a line for each
step; ends with an exception at the first that goes wrong.
"""

import os
import time
import urllib.request
import uuid

import couponbook_client as client
from couponbook_client import exceptions, models

EDGE = os.environ["EDGE"]
WAIT = "wait=20"


def api(edge: str = EDGE, token: str = os.environ["TOKEN"]) -> client.ApiClient:
    return client.ApiClient(client.Configuration(host=edge, access_token=token))


def step(what: str) -> None:
    print("played:", what, flush=True)


def refused(status: int, code: str, call, *arguments, **named) -> exceptions.ApiException:
    try:
        call(*arguments, **named)
    except exceptions.ApiException as refusal:
        assert refusal.status == status, refusal
        assert isinstance(refusal.data, models.Problem), refusal
        assert refusal.data.code == code, refusal
        assert refusal.data.cause and refusal.data.detail, refusal
        return refusal
    raise AssertionError(f"not refused with {status} {code}")


commands = client.CommandsApi(api())
books = client.BooksApi(api())
requests = client.RequestsApi(api())
uploads = client.UploadsApi(api())

# 202 and 201 by their types, with and without a wait
kept = commands.create_book(models.NewBook(bookName="Kept"), idempotency_key='"kept"')
assert isinstance(kept, models.Request), kept
assert kept.request_id, kept
step("a 202 is a Request")

book = commands.create_book(models.NewBook(bookName="Waited for"), prefer=WAIT)
assert isinstance(book, models.BookCreated), book
assert isinstance(book.book_id, uuid.UUID), book
step("a 201 is a BookCreated")

added = commands.add_codes(
    models.NewCodes(bookId=book.book_id, manual=[models.NamedCode(code="PY-1")]), prefer=WAIT
)
assert [code.code for code in added.codes] == ["PY-1"], added
counts = books.book(book.book_id).actual_instance.counts
assert (counts.free, counts.void, counts.voided) == (1, 0, 0), counts
step("a book of codes, and void under both its names")

# Polls, with a 304 for what is known already
state = requests.request_state_with_http_info(kept.request_id)
while state.data.status not in ("succeeded", "failed"):
    time.sleep(int(state.headers.get("Retry-After", "1")))
    state = requests.request_state_with_http_info(kept.request_id)
assert state.data.outcome.status == 201, state.data
try:
    requests.request_state(kept.request_id, if_none_match=state.headers["ETag"])
    raise AssertionError("no 304")
except exceptions.ApiException as unchanged:
    assert unchanged.status == 304, unchanged
step("a poll that ends, and a 304")

# An upload of a file, and its rejects
content = b"code\nPY-2\nnot a code\nPY-3\n"
plan = uploads.upload(
    models.NewUpload(bookId=book.book_id, fileName="codes.csv", contentLength=len(content))
)
with urllib.request.urlopen(
    urllib.request.Request(plan.url, content, plan.headers, method=plan.method)
) as sent:
    assert sent.status == 200
upload = uploads.upload_state(plan.upload_id)
for _ in range(150):
    if upload.state == "completed_with_rejects":
        break
    assert upload.state in ("awaiting_file", "queued", "running"), upload
    time.sleep(0.2)
    upload = uploads.upload_state(plan.upload_id)
assert (upload.rows.accepted, upload.rows.rejected) == (2, 1), upload
rejects = uploads.rejects_with_http_info(plan.upload_id).raw_data.decode()
assert "not a code" in rejects and "invalid_code" in rejects, rejects
step("an upload and its rejects")

# What is refused
exists = refused(
    409,
    "codes_already_exist",
    commands.add_codes,
    models.NewCodes(bookId=book.book_id, manual=[models.NamedCode(code="PY-1")]),
    prefer=WAIT,
)
assert exists.data.additional_properties["codes"] == ["PY-1"], exists.data
reused = refused(
    422,
    "idempotency_key_reused",
    commands.create_book,
    models.NewBook(bookName="Another"),
    idempotency_key='"kept"',
)
assert reused.data.to_dict()["field"] == "Idempotency-Key", reused.data
step("409 and 422")

ended = client.BooksApi(api(token=os.environ["ENDED_TOKEN"]))
assert refused(401, "unauthorized", ended.books).data.cause == "token_expired"
step("a token that has ended")

if "LIMITED_EDGE" in os.environ:
    # By itself the client waits as long as Retry-After says, and calls again.
    impatient = client.Configuration(
        host=os.environ["LIMITED_EDGE"], access_token=os.environ["TOKEN"], retries=0
    )
    limited = client.BooksApi(client.ApiClient(impatient))
    for _ in range(20):
        try:
            limited.books(limit=1)
        except exceptions.ApiException as limit:
            assert limit.status == 429 and limit.data.code == "rate_limited", limit
            assert int(limit.headers["Retry-After"]) >= 1, limit.headers
            assert limit.headers["RateLimit"].startswith('"partner";r=0'), limit.headers
            break
    else:
        raise AssertionError("no 429 in twenty calls")
    step("a 429")
