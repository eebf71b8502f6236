"""What a rehearsal shows has its mark, and is posted in its channel alone."""

from typing import Any

import pytest

from adapters.slack.blocks import paragraph
from adapters.slack.outages.rehearsal import (
    RehearsalChat,
    is_marked,
    is_marked_message,
    mark_message,
    mark_view,
    unmark_view,
)
from tests.handlers.rehearsal.made import KeptChat

DRILL = "C0DRILL"
CONTENT = {"text": "A card", "blocks": [paragraph("hello")]}


@pytest.mark.parametrize("channel", [DRILL, "C0SUPPORT", "U0SAM"])
async def test_whatever_the_channel_it_posts_in_its_own(channel: str) -> None:
    kept = KeptChat()
    await RehearsalChat(kept, DRILL).post(channel, CONTENT, token="t")
    [(where, content, _)] = kept.posted
    assert where == DRILL
    assert content["text"] == "REHEARSAL · A card"
    assert "*REHEARSAL*" in str(content["blocks"][0])
    assert ("For <@U0SAM>" in str(content)) is (channel == "U0SAM")


async def test_threads_and_updates_are_marked_and_home_is_left_alone() -> None:
    kept = KeptChat()
    chat = RehearsalChat(kept, DRILL)
    await chat.post(DRILL, CONTENT, token="t", thread_ts="1.0")
    await chat.update("C0SUPPORT", "1.0", CONTENT)
    await chat.publish_home("U0SAM", {"blocks": []})
    await chat.send_file("U0SAM", name="outage-1.md", content=b"x", text="The time line.")
    assert is_marked_message(dict(kept.posted[0][1]))
    assert kept.updated[0][0] == DRILL
    assert is_marked_message(dict(kept.updated[0][1]))
    assert kept.homes == []
    assert kept.files == [("U0SAM", "rehearsal-outage-1.md: REHEARSAL · The time line.")]


def test_a_view_is_marked_once_and_unmarked_again() -> None:
    view: dict[str, Any] = {"type": "modal", "callback_id": "answer", "blocks": [paragraph("hello")]}
    marked = mark_view(mark_view(view))
    assert marked["callback_id"] == "rehearsal:answer"
    assert len(marked["blocks"]) == 2
    assert is_marked(marked)
    assert not is_marked(view)
    assert unmark_view(marked) == view


@pytest.mark.parametrize("last", [{"type": "actions"}, {"type": "input"}])
def test_slacks_limits_are_kept_without_the_head_or_what_is_used(last: dict[str, Any]) -> None:
    blocks = [paragraph(str(number)) for number in range(99)]
    shown = mark_message({"text": "x", "blocks": [*blocks[:49], last]})["blocks"]
    assert [block["block_id"] for block in shown if "block_id" in block] == ["rehearsal"]
    assert shown[1:] == [*blocks[:48], last]
    assert mark_view({"callback_id": "a", "blocks": [*blocks, last]})["blocks"][1:] == [*blocks[:98], last]


async def test_a_full_message_for_somebody_else_keeps_its_head_too() -> None:
    kept, blocks = KeptChat(), [paragraph(str(number)) for number in range(50)]
    await RehearsalChat(kept, DRILL).post("U0SAM", {"text": "A card", "blocks": blocks}, token="t")
    [(_, content, _)] = kept.posted
    assert content["blocks"][2:] == blocks[:48]


def test_the_message_without_pictures_is_marked_too() -> None:
    assert is_marked_message(dict(mark_message({**CONTENT, "plain": CONTENT})["plain"]))
