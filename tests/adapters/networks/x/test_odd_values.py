"""Read answers of X in which any one value is of another type: nothing else is lost, and nothing raises."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.http_calls import Unreadable
from adapters.networks.x.dm_reading import DirectMessageInbox
from adapters.networks.x.timeline import Timeline
from tests.adapters.networks.x.servers import ACME
from tests.handlers.made import NOW
from tests.source import ROOT

ODD: tuple[Any, ...] = (
    None,
    [],
    {},
    [None],
    [[]],
    {"a": None},
    "",
    "9" * 400,
    int("9" * 400),
    -1,
    1e308,
    True,
)
Path = tuple[str | int, ...]
DIRECT_MESSAGES = {
    "data": [
        {
            "id": "1990000000000180000",
            "event_type": "MessageCreate",
            "text": "hi https://t.co/a",
            "sender_id": "703",
            "dm_conversation_id": "703-90000001",
            "created_at": "2026-11-21T10:20:00.000Z",
            "entities": {
                "urls": [{"url": "https://t.co/a", "expanded_url": "https://x.com/messages/media/1"}]
            },
            "attachments": {"media_keys": ["3_1"]},
        }
    ],
    "includes": {
        "users": [{"id": "703", "username": "catlane", "name": "Cat"}],
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://ton.x.com/1.jpg"}],
    },
    "meta": {"result_count": 1},
}


class OneAnswer:
    """A client that gets the same answer to each call."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    async def read(self, *_: object, **__: object) -> object:
        return self.answer


def paths(tree: object, above: Path = ()) -> Iterator[Path]:
    """Yield where each value stands below the top."""
    items: Any = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*above, key)
        yield from paths(value, (*above, key))


def with_odd_values(answer: object) -> Iterator[tuple[Path, object, object]]:
    for path in paths(answer):
        for odd in ODD:
            changed: Any = copy.deepcopy(answer)
            within = changed
            for key in path[:-1]:
                within = within[key]
            within[path[-1]] = odd
            yield path, odd, changed


@pytest.mark.parametrize(
    "name", ["context-03-screenshot-with-words", "poll-01-what-may-be-chosen", "long-01-mention-in-the-note"]
)
async def test_an_odd_value_of_a_post_keeps_no_page_from_being_read(name: str) -> None:
    content = (ROOT / "tests" / "posts" / f"{name}.json").read_text(encoding="utf-8")
    for path, odd, answer in with_odd_values(json.loads(content)["readings"][0]):

        async def call(*, shown: object = answer, **_: object) -> object:
            return shown

        timeline = Timeline(
            call=call,
            token_name="next_token",
            account=ACME,
            found_by="mention",
            api_url="http://127.0.0.1",
            max_posts=800,
            now=NOW,
        )
        try:
            page = await timeline.read(None)
        except Unreadable:
            assert path == ("data",), (path, odd)
            continue
        assert page.posts or page.skipped or path == ("data",), (path, odd)


async def test_an_odd_value_of_a_direct_message_keeps_no_page_from_being_read() -> None:
    for path, odd, answer in with_odd_values(DIRECT_MESSAGES):
        client: Any = OneAnswer(answer)
        try:
            page = await DirectMessageInbox(client=client, account=ACME, now=NOW).read(None)
        except Unreadable:
            assert path == ("data",), (path, odd)
            continue
        is_other_kind = path == ("data", 0, "event_type")
        assert page.messages or page.skipped or is_other_kind or path == ("data",), (path, odd)
