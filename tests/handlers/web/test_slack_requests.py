"""What Slack posts to the request URL is read as Bolt would read it, and faster."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.web.slack_requests import read_payload

#: Pieces that a decoder could get wrong, and any others.
PIECES = st.sampled_from(
    ["%", "%2", "%zz", "%7B", "%22", "%e4", "%C3%A4", "%00", "+", "\\", "\\x41", "\\n", "&", ";"]
)
BODIES = st.lists(PIECES | st.characters(exclude_categories=["Cs"]), max_size=30).map("".join)


@pytest.mark.parametrize(
    "text", ["", "Flight moved\n“twice” + 100 % \\ \\x41 é 😀", "a&payload=b;c=d", "%7B%22", "\u2028\x7f"]
)
def test_what_slack_sends_is_read(text: str) -> None:
    sent = {"type": "block_actions", "message": {"text": text}}
    for ascii_only in (True, False):
        payload = read_payload(urlencode({"payload": json.dumps(sent, ensure_ascii=ascii_only)}))
        assert payload is not None
        assert json.loads(payload) == sent


@given(BODIES)
def test_nothing_is_read_in_another_way_than_bolt_does(body: str) -> None:
    for posted in (f"payload=%7B{body}", f"payload={body}", body):
        payload = read_payload(posted)
        if payload is not None:
            assert payload == dict(parse_qsl(posted, keep_blank_values=True)).get("payload")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "payload",
        "command=%2Fmentions&text=next",
        "payload=%7B%7D&payload=%7B%7D",
        "payload=%7B%E4%7D",  # no UTF-8
        "payload=%7B%2",
        "payload=%7B%zz%7D",
        "payload=%7Bé%7D",
        "payload=5",
    ],
)
def test_anything_else_is_left_to_bolt(body: str) -> None:
    assert read_payload(body) is None
