"""An issue is created from a case, closed in its tracker, and who waits is answered by a person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.timers import trackers
from tests.stories import QUICK, SAM, SUPPORT, Story, details, running_story, shown

CHOICES = QUICK + "\n[trackers]\nread_seconds = 1\n"


async def pressed(story: Story, ts: str, action: str) -> dict[str, Any]:
    """Press a button of Sam's Details; return the form that takes their place."""
    found = await details(story, ts)
    await story.world.slack.press_in_view(SAM, found["id"], action)
    return story.world.slack.open_view(SAM) or {}


@pytest.mark.parametrize(
    ("tracker", "label", "where", "key", "outcome"),
    [
        ("linear", "Linear", "linear ENG", "ENG-1", "Done"),
        ("jira", "Jira", "jira SUP", "SUP-1", "Done"),
        ("github", "GitHub", "github acme/app", "acme/app#1", "completed"),
    ],
)
async def test_an_issue_is_created_followed_and_who_waits_is_answered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tracker: str,
    label: str,
    where: str,
    key: str,
    outcome: str,
) -> None:
    monkeypatch.setattr(trackers, "LOOK_EVERY", timedelta(seconds=0.3))
    async with running_story(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", choices=CHOICES) as story:
        slack, board = story.world.slack, story.world.trackers[tracker]
        story.customer_writes("@acme it eats my payment, write to ana@example.com or @everyone")
        ts = str((await story.card("eats my payment"))["ts"])
        form = await pressed(story, ts, "issue.create")
        assert "ana@example.com" not in str(form)
        told = await slack.submit(SAM, form["id"], {"issue.where": where, "issue.title": "It eats payments"})
        assert f"being created at {label}" in str(told.payload)
        await story.thread_shows(ts, "created the issue <")
        [issue] = board.issues.values()
        assert issue.title == "It eats payments"
        assert "it eats my payment, write to" in str(issue.body)
        assert "thread_ts" in str(issue.body)
        assert f"{key}>* It eats payments · open" in shown(await details(story, ts))

        board.close(issue, outcome)
        news = await story.until(lambda: story.find_card("FIXED:"), "that it is fixed")
        assert "1 person still waits" in shown(news)
        assert "Proposed:" in shown(news)
        await story.thread_shows(ts, "is fixed")
        await slack.press(SAM, SUPPORT, news["ts"], "case.answer")
        form = await story.form(SAM)
        assert "fixed" in str(form)
        text = "Hi Ana, that is fixed. Please try again."
        await slack.submit(SAM, form["id"], {"answer.text": text})
        await story.until(story.our_posts, "the answer on X")
        assert story.our_posts()[0].endswith(text)
        await slack.press(SAM, SUPPORT, news["ts"], "issue.waiting")
        assert "nobody waits" in shown(await story.form(SAM))
        assert len(board.issues) == 1
