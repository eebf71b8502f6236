"""Show strangers whether all is well, and nothing else, from a cache; and people of the desk everything."""

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from handlers.web.health_access import HealthAccess

SECRET = "s" * 32
STRANGER = ("203.0.113.9", 1)


def asked(client: tuple[str, int] | None, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/healthz", "headers": raw, "client": client})


class Page:
    """A page of health, that counts how often it is worked out."""

    def __init__(self) -> None:
        self.status = 200
        self.count = 0

    async def answer(self, _request: Request) -> Response:
        self.count += 1
        return JSONResponse({"ok": True, "outbox": 7}, self.status)


@pytest.mark.parametrize(
    ("request_", "is_whole"),
    [
        (asked(STRANGER), False),
        (asked(None), False),
        (asked(("testclient", 1)), False),
        (asked(("127.0.0.1", 1)), True),
        (asked(("::1", 1)), True),
        (asked(("127.0.0.1", 1), x_forwarded_for="127.0.0.1"), False),  # a proxy that is not among ours
        (asked(STRANGER, authorization=f"Bearer {SECRET}"), True),
        (asked(STRANGER, authorization=f"bearer {SECRET}"), True),
        (asked(STRANGER, authorization=f"Bearer {SECRET}x"), False),
        (asked(STRANGER, authorization="Bearer \xe9"), False),
        (asked(STRANGER, authorization=f"Basic {SECRET}"), False),
    ],
)
async def test_who_sees_the_counts(request_: Request, is_whole: bool) -> None:
    answer = await HealthAccess(SECRET).wrap(Page().answer)(request_)
    assert (b"outbox" in answer.body) is is_whole


async def test_without_a_token_no_token_is_right() -> None:
    answer = await HealthAccess(None).wrap(Page().answer)(asked(STRANGER, authorization="Bearer "))
    assert answer.body == b'{"ok":true}'


async def test_strangers_do_not_make_it_work() -> None:
    page = Page()
    page.status = 503
    answer = HealthAccess(None).wrap(page.answer)
    said = [await answer(asked(STRANGER)) for _ in range(5)]
    assert {(one.status_code, bytes(one.body)) for one in said} == {(503, b'{"ok":false}')}
    assert page.count == 1
